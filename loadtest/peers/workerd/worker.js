// The bench room as a Durable Object; what each path and message does is in loadtest/README.md.
// Meant to be fast on workerd: synchronous storage, a plain class, no await where none is needed.

const built = new Map(); // how often each room was built in this process
let builtInAll = 0;

export default {
  fetch(request, env) {
    const [, verb, ...rest] = new URL(request.url).pathname.split("/");
    if (verb === "ping") return new Response("pong");
    const room = decodeURIComponent(rest.join("/"));
    if (!room || !["ws", "tx", "sql", "get", "info", "alarm"].includes(verb)) {
      return new Response("nothing here\n", { status: 404 });
    }
    const rooms = room.startsWith("sql/") ? env.SQL_ROOMS : env.ROOMS;
    return rooms.get(rooms.idFromName(room)).fetch(request);
  },
};

export class BenchRoom {
  constructor(ctx) {
    this.ctx = ctx;
    this.kv = ctx.storage.kv;
    this.mem = 0;
    const id = ctx.id.toString();
    built.set(id, (built.get(id) ?? 0) + 1);
    builtInAll++;
  }

  fetch(request) {
    this.mem++;
    const url = new URL(request.url);
    const expect = url.searchParams.get("expect");
    switch (url.pathname.split("/")[1]) {
      case "ws":
        return this.upgrade(request);
      case "tx":
        return answer(this.ctx.storage.transactionSync(() => this.step(expect)));
      case "sql":
        return answer(this.sqlStep(expect));
      case "get":
        return new Response(String(this.kv.get("v") ?? 0));
      case "info":
        return this.info().then((info) => Response.json(info));
      case "alarm":
        return this.setAlarm(url.searchParams).then(() => new Response("ok"));
    }
  }

  upgrade(request) {
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
      return new Response("this path speaks WebSocket\n", { status: 426 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, ["all"]);
    server.serializeAttachment({ n: this.mem, t: Date.now() });
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, message) {
    this.mem++;
    if (typeof message !== "string") return socket.send(message);
    switch (message[0]) {
      case "e":
        return socket.send(message);
      case "b":
        for (const each of this.ctx.getWebSockets()) each.send(message);
        return;
      case "t":
        // The output gate holds the answer until the write is synced.
        return socket.send("t" + this.ctx.storage.transactionSync(() => this.step(null)).value);
      case "i":
        return this.info().then((info) =>
          socket.send(JSON.stringify(info) + JSON.stringify(socket.deserializeAttachment())),
        );
      case "a":
        return this.ctx.storage
          .setAlarm(Date.now() + Number(message.slice(1)))
          .then(() => socket.send("a"));
    }
  }

  webSocketClose(socket, code) {
    this.mem++;
    socket.close(code === 1005 ? 1000 : code);
  }

  async alarm({ retryCount, isRetry }) {
    this.mem++;
    if (retryCount < (this.kv.get("fail") ?? 0)) throw new Error("asked to fail");
    const log = this.kv.get("alarmLog") ?? [];
    this.kv.put("alarmLog", [...log, [Date.now(), retryCount, isRetry]].slice(-20));
    this.kv.put("alarms", (this.kv.get("alarms") ?? 0) + 1);
    for (const each of this.ctx.getWebSockets()) each.send("alarm");
  }

  // Compare and set: the counter is raised if it is what was expected, or if nothing was.
  step(expect) {
    const current = this.kv.get("v") ?? 0;
    if (expect !== null && Number(expect) !== current) return { status: 409, value: current };
    this.kv.put("v", current + 1);
    return { status: 200, value: current + 1 };
  }

  // The same as one SQL update, on a counter of its own.
  sqlStep(expect) {
    const sql = this.ctx.storage.sql;
    sql.exec("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)");
    sql.exec("INSERT OR IGNORE INTO counter VALUES (1, 0)");
    const rows = sql
      .exec("UPDATE counter SET v = v + 1 WHERE id = 1 AND v = ifnull(?, v) RETURNING v", expect && Number(expect))
      .toArray();
    if (rows.length === 1) return { status: 200, value: rows[0].v };
    return { status: 409, value: sql.exec("SELECT v FROM counter").one().v };
  }

  async setAlarm(parameters) {
    this.kv.put("fail", Number(parameters.get("fail") ?? 0));
    await this.ctx.storage.setAlarm(Date.now() + Number(parameters.get("ms") ?? 0));
  }

  async info() {
    return {
      ctorRoom: built.get(this.ctx.id.toString()),
      ctorTotal: builtInAll,
      mem: this.mem,
      sockets: this.ctx.getWebSockets().length,
      v: this.kv.get("v") ?? 0,
      alarms: this.kv.get("alarms") ?? 0,
      alarmLog: this.kv.get("alarmLog") ?? [],
      alarmAt: await this.ctx.storage.getAlarm(),
      now: Date.now(),
    };
  }
}

// Rooms whose names begin with "sql/": the counter is a row, raised by one statement.
export class SqlBenchRoom {
  constructor(ctx) {
    this.ctx = ctx;
    this.sql = ctx.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)");
    this.sql.exec("INSERT OR IGNORE INTO counter VALUES (1, 0)");
  }

  fetch(request) {
    switch (new URL(request.url).pathname.split("/")[1]) {
      case "ws": {
        const { 0: client, 1: server } = new WebSocketPair();
        this.ctx.acceptWebSocket(server, ["all"]);
        return new Response(null, { status: 101, webSocket: client });
      }
      case "get":
        return new Response(String(this.sql.exec("SELECT v FROM counter WHERE id = 1").one().v));
    }
    return new Response("nothing here\n", { status: 404 });
  }

  webSocketMessage(socket) {
    // The output gate holds the answer until the write is synced.
    socket.send("t" + this.sql.exec("UPDATE counter SET v = v + 1 WHERE id = 1 RETURNING v").one().v);
  }

  webSocketClose(socket, code) {
    socket.close(code === 1005 ? 1000 : code);
  }
}

function answer({ status, value }) {
  return new Response(String(value), { status });
}
