import workletUrl from "./clap_worklet.js?url&no-inline";
import { RiseDetector } from "./claps";

/** A microphone of this machine that listens for claps until it is stopped. */
export interface Microphone {
  stop(): void;
}

/** Why there is no microphone, in words for people. */
function excuse(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "The browser was not allowed to listen.";
  if (name === "NotFoundError") return "This machine has no microphone.";
  return `The microphone does not work (${error instanceof Error ? error.message : error}).`;
}

/**
 * Asks for the microphone, and calls back with the moment of each clap on the page's clock (`performance.now`).
 * Throws an Error people can read.
 */
export async function listenForClaps(heard: (atMs: number) => void): Promise<Microphone> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error("The browser lends its microphone only to pages over HTTPS or from this machine.");
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (error) {
    throw new Error(excuse(error));
  }
  const sound = new AudioContext({ latencyHint: "interactive" });
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
    void sound.close();
  };
  try {
    await sound.audioWorklet.addModule(workletUrl);
    await sound.resume();
  } catch (error) {
    stop();
    throw new Error(excuse(error));
  }
  const settings = stream.getAudioTracks()[0]?.getSettings() as MediaTrackSettings & { latency?: number };
  const inputMs = 1000 * (settings?.latency ?? 0);
  const rise = new RiseDetector(0.1, 4);
  const listener = new AudioWorkletNode(sound, "clap-listener", { numberOfOutputs: 0 });
  listener.port.onmessage = ({ data: [peak, atS] }: MessageEvent<[number, number]>) => {
    const atMs = performance.now() - 1000 * (sound.currentTime - atS) - inputMs;
    if (rise.add(peak, 1000 * atS)) heard(atMs);
  };
  sound.createMediaStreamSource(stream).connect(listener);
  return { stop };
}
