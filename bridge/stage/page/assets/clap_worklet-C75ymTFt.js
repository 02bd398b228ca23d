// Runs on the sound card's thread: tells the page the strongest sample of each block, and when it was.
class ClapListener extends AudioWorkletProcessor {
  process(inputs) {
    const samples = inputs[0]?.[0];
    if (samples) {
      let peak = 0;
      let at = 0;
      for (let i = 0; i < samples.length; i++) {
        const size = Math.abs(samples[i]);
        if (size > peak) {
          peak = size;
          at = i;
        }
      }
      // Quiet blocks need no message but now and then, so that the page knows the room's own noise.
      if (
        peak > 0.02 ||
        Math.floor(currentTime * 20) !== Math.floor((currentTime - samples.length / sampleRate) * 20)
      ) {
        this.port.postMessage([peak, currentTime + at / sampleRate]);
      }
    }
    return true;
  }
}

registerProcessor("clap-listener", ClapListener);
