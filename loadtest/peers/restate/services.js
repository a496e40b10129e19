// The same saga as Dormouse's `bench-run`, as Restate's guide to sagas writes one: a handler that keeps a list of
// compensations, and runs it backwards when a step fails for good. A participant is a virtual object: its exclusive
// handlers run one at a time, and its state is Restate's.
import * as restate from "@restatedev/restate-sdk";

const thing = restate.object({
  name: "Thing",
  handlers: {
    add: async (ctx, refused) => {
      if (refused) {
        throw new restate.TerminalError("asked to refuse");
      }
      const done = ((await ctx.get("done")) ?? 0) + 1;
      ctx.set("done", done);
      return done;
    },
    remove: async (ctx) => {
      const undone = ((await ctx.get("undone")) ?? 0) + 1;
      ctx.set("undone", undone);
      return undone;
    },
    counts: restate.handlers.object.shared(async (ctx) => ({
      done: (await ctx.get("done")) ?? 0,
      undone: (await ctx.get("undone")) ?? 0,
    })),
  },
});

const saga = restate.service({
  name: "Saga",
  handlers: {
    run: async (ctx, { a, b, c, refused }) => {
      // What refuses has nothing to compensate, so each is noted behind its step: fewer calls than the guide's order.
      const compensations = [];
      try {
        await ctx.objectClient(thing, a).add(false);
        compensations.push(a);
        await ctx.objectClient(thing, b).add(false);
        compensations.push(b);
        await ctx.objectClient(thing, c).add(refused);
        return "COMPLETED";
      } catch (error) {
        if (!(error instanceof restate.TerminalError)) {
          throw error;
        }
        for (const key of compensations.reverse()) {
          await ctx.objectClient(thing, key).remove();
        }
        return "COMPENSATED";
      }
    },
  },
});

await restate.serve({ services: [thing, saga], port: Number(process.env.PORT) });
