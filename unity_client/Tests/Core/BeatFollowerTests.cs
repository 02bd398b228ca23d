using NUnit.Framework;

namespace Transflower.Core.Tests
{
    [TestFixture]
    public class BeatFollowerTests
    {
        private static BridgeUpdate Update(double beat, long timeUs, float bpm = 120f) =>
            new BridgeUpdate { Beat = beat, BeatTimeUs = timeUs, Bpm = bpm, BeatConfidence = 1f, BeatCount = 1 };

        [Test]
        public void BeatsComeWithThePictureThatIsShownNotWithTheUpdate()
        {
            var follower = new BeatFollower();
            int beats = 0, bars = 0;
            for (int i = 0; i < 900; i++) // ten seconds at 120: 20 beats, 5 bars
            {
                double newestS = i / 90.0;
                BridgeUpdate latest = Update(newestS * 2.0, (long)(newestS * 1e6));
                double playS = newestS - 0.08;
                follower.Advance(ref latest, playS * 1e6, 1f / 90);
                Assert.AreEqual(playS * 2.0, follower.Beat, 1e-5);
                if (follower.HasBeat)
                {
                    beats++;
                    Assert.Less(follower.Phase, 2.0 / 90 + 1e-3);
                }
                if (follower.HasBar) bars++;
            }
            Assert.AreEqual(20, beats);
            Assert.AreEqual(5, bars);
        }

        [Test]
        public void ABeatThatIsSentTwiceIsOneAndASilentBridgeEndsThem()
        {
            var follower = new BeatFollower();
            BridgeUpdate latest = Update(7.9, 0);
            follower.Advance(ref latest, 0, 0.01f);
            latest = Update(8.1, 0);
            follower.Advance(ref latest, 0, 0.01f);
            Assert.IsTrue(follower.HasBeat && follower.HasBar);
            latest = Update(7.95, 0); // the tracker thinks better of it
            follower.Advance(ref latest, 0, 0.01f);
            latest = Update(8.02, 0);
            follower.Advance(ref latest, 0, 0.01f);
            Assert.IsFalse(follower.HasBeat);
            follower.Advance(ref latest, 5000000, 0.01f);
            Assert.IsFalse(follower.IsKnown);
        }

        [Test]
        public void ACounterThatBeginsAnewIsFollowed()
        {
            var follower = new BeatFollower();
            BridgeUpdate latest = Update(1000.5, 0);
            follower.Advance(ref latest, 0, 0.01f);
            latest = Update(0.2, 0);
            follower.Advance(ref latest, 0, 0.01f);
            Assert.IsTrue(follower.HasBeat);
        }

        [Test]
        public void EnergyRisesAtOnceFallsSlowlyAndBearsNonsense()
        {
            var follower = new BeatFollower();
            var latest = new BridgeUpdate { Rms = 0.8f };
            follower.Advance(ref latest, 0, 0.01f);
            Assert.AreEqual(0.8f, follower.Energy);
            latest.Rms = 0f;
            follower.Advance(ref latest, 0, 0.01f);
            Assert.Greater(follower.Energy, 0.7f);
            for (int i = 0; i < 100; i++) follower.Advance(ref latest, 0, 0.01f);
            Assert.Less(follower.Energy, 0.01f);
            latest.Rms = float.NaN;
            latest.Bpm = float.NaN;
            latest.BeatCount = 1;
            follower.Advance(ref latest, 0, float.NaN);
            Assert.IsTrue(Osc.IsFinite(follower.Energy));
        }
    }
}
