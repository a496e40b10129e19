# The bench room on workerd: one Durable Object class, SQLite on local disk, hibernation API.
#
#   workerd serve config.capnp --socket-addr http=127.0.0.1:<port> --directory-path data=<folder>

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "bench", worker = .bench),
    (name = "data", disk = (writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "bench")],
);

const bench :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-09-01",
  durableObjectNamespaces = [
    (className = "BenchRoom", uniqueKey = "bench", enableSql = true),
    (className = "SqlBenchRoom", uniqueKey = "bench-sql", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "ROOMS", durableObjectNamespace = "BenchRoom"),
    (name = "SQL_ROOMS", durableObjectNamespace = "SqlBenchRoom"),
  ],
);
