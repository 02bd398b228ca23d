import type { About } from "./live";

/** What does not change while the bridge performs. Throws an Error people can read. */
export async function fetchAbout(): Promise<About> {
  const answer = await fetch("about", { cache: "no-store" }).catch(() => {
    throw new Error("The bridge does not answer.");
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new Error("This stage wants its token: open the address that the bridge prints.");
  }
  if (!answer.ok) throw new Error(`The bridge does not say what it is (${answer.status}).`);
  const { rate_hz, seed_poses, may_steer, ...rest } = await answer.json();
  return { ...rest, rateHz: rate_hz, seedPoses: seed_poses, maySteer: may_steer } as About;
}
