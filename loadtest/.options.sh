# What the commands written in Bash share: their options, and the commit. Sourced, with `root` set to the checkout
# and `usage` to the text for --help and for who has mistyped.

# The commit of the checkout, for reports.
commit() {
  git -C "$root" describe --always --dirty --exclude='*' 2>/dev/null || echo 'no commit'
}

# Ends the command, with the reason and what could have been typed.
refuse() {
  printf '%s: %s\n\n%s\n' "loadtest/${0##*/}" "$1" "$usage" >&2
  exit 2
}

# read_options '<option>:<kind> ...' <word...>: sets a variable of each option's name. Kinds: `count` from 1, `number`
# from 0, `path` (made absolute), `word`, and `flag`, which takes no value and becomes `yes`.
read_options() {
  local known=" $1 " name kind
  shift
  case " $* " in *" --help "* | *" -h "*) printf '%s\n' "$usage"; exit 0 ;; esac
  while [ $# -gt 0 ]; do
    name=${1#--} kind=''
    case "$1" in --[a-z]*) kind=${known##*" $name:"} ;; esac
    if [ -z "$kind" ] || [ "$kind" = "$known" ]; then refuse "there is no option '$1'"; fi
    kind=${kind%% *}
    if [ "$kind" = flag ]; then
      printf -v "$name" yes
      shift
      continue
    fi
    if [ $# -lt 2 ]; then refuse "$1 needs a value"; fi
    case "$kind" in
      count) [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || refuse "$1 takes a whole number from 1, not '$2'" ;;
      number) [[ $2 =~ ^[0-9]{1,9}$ ]] || refuse "$1 takes a whole number from 0, not '$2'" ;;
    esac
    case "$kind:$2" in
      path:/*) printf -v "$name" %s "$2" ;;
      path:*) printf -v "$name" %s "$PWD/$2" ;;
      *) printf -v "$name" %s "$2" ;;
    esac
    shift 2
  done
}
