using System.Collections.Generic;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>What Python wrote decodes here to the same poses, bit for bit.</summary>
    [TestFixture]
    public class GoldenDatagramTests
    {
        /// <summary>A decoder of our protocol that knows the skeleton of a golden pose.</summary>
        private static DanceDecoder DecoderFor(Dictionary<string, object> pose, KeepingOutput output)
        {
            var decoder = new DanceDecoder(output);
            foreach (byte[] datagram in Golden.Datagrams(Golden.Named("skeletons", (string)pose["skeleton"])["datagrams"]))
                Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, decoder));
            return decoder;
        }

        /// <summary>
        /// Right-handed axes again, by the page's own rule; == says that only the sign of a zero may differ.
        /// </summary>
        private static void AssertIsPose(Dictionary<string, object> pose, PoseFrame frame)
        {
            float[] root = Golden.Floats(pose["root_position"]);
            Assert.IsTrue(-frame.HipsPosition.X == root[0] && frame.HipsPosition.Y == root[1] && frame.HipsPosition.Z == root[2]);
            var names = (List<object>)Golden.Named("skeletons", (string)pose["skeleton"])["bones"];
            var rotations = (List<object>)pose["rotations"];
            for (int index = 0; index < names.Count; index++)
            {
                int bone = System.Array.IndexOf(HumanBones.Names, (string)names[index]);
                float[] expected = Golden.Floats(rotations[index]);
                Quat found = frame.Rotations[bone];
                Assert.IsTrue(frame.Has(bone), "no " + names[index]);
                Assert.IsTrue(
                    found.X == expected[0] && -found.Y == expected[1] && -found.Z == expected[2] && found.W == expected[3],
                    pose["name"] + ": " + names[index]);
            }
        }

        [Test]
        public void OurPosesAreThoseThatPythonWrote()
        {
            foreach (Dictionary<string, object> pose in Golden.Entries("poses"))
            {
                var output = new KeepingOutput();
                DanceDecoder decoder = DecoderFor(pose, output);
                byte[] datagram = Golden.Datagrams(pose["dance"])[0];
                Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, decoder));
                Assert.AreEqual(1, output.Frames.Count);
                PoseFrame frame = output.Frames[0];
                Assert.AreEqual((double)pose["sequence"], frame.Sequence);
                Assert.AreEqual((double)pose["time_us"], frame.TimeUs);
                AssertIsPose(pose, frame);
            }
        }

        [Test]
        public void VmcPosesAreThoseThatPythonWroteHoweverTheyTravel()
        {
            foreach (Dictionary<string, object> pose in Golden.Entries("poses"))
            {
                foreach (string travel in new[] { "vmc", "vmc_travel_by_root" })
                {
                    var output = new KeepingOutput();
                    var decoder = new VmcDecoder(output);
                    for (int repeat = 0; repeat < 2; repeat++) // the first frame tells which bones there are
                    {
                        foreach (byte[] datagram in Golden.Datagrams(pose[travel]))
                            Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, decoder));
                    }
                    Assert.AreEqual(1, output.Frames.Count);
                    double seconds = ((double)pose["time_us"] - (double)Golden.File["vmc_start_time_us"]) * 1e-6;
                    Assert.AreEqual(seconds, output.Frames[0].TimeUs * 1e-6, 1e-7 * seconds + 1e-6);
                    AssertIsPose(pose, output.Frames[0]);
                }
            }
        }

        [Test]
        public void SkeletonsHaveTheirOffsetsInUnitysAxes()
        {
            foreach (Dictionary<string, object> pose in Golden.Entries("poses"))
            {
                var output = new KeepingOutput();
                DanceDecoder decoder = DecoderFor(pose, output);
                byte[] datagram = Golden.Datagrams(pose["dance"])[0];
                new OscReader().Read(datagram, datagram.Length, decoder);
                Dictionary<string, object> skeleton = Golden.Named("skeletons", (string)pose["skeleton"]);
                var names = (List<object>)skeleton["bones"];
                for (int index = 0; index < names.Count; index++)
                {
                    float[] expected = Golden.Floats(((List<object>)skeleton["offsets"])[index]);
                    Vec3 found = output.Skeletons[0].Offsets[System.Array.IndexOf(HumanBones.Names, (string)names[index])];
                    Assert.IsTrue(-found.X == expected[0] && found.Y == expected[1] && found.Z == expected[2]);
                }
            }
        }

        [Test]
        public void APoseWhoseSkeletonIsNotKnownYetIsCountedAndLeftOut()
        {
            var output = new KeepingOutput();
            byte[] datagram = Golden.Datagrams(Golden.Named("poses", "rest")["dance"])[0];
            Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, new DanceDecoder(output)));
            Assert.AreEqual(0, output.Frames.Count);
            Assert.AreEqual(1, output.NumIncomplete);
        }

        [Test]
        public void WhatIsSentBesideTheDanceArrives()
        {
            var decoder = new DanceDecoder(new KeepingOutput());
            foreach (Dictionary<string, object> message in Golden.Entries("messages"))
            {
                byte[] datagram = Golden.Bytes((string)message["datagram"]);
                Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, decoder), (string)message["address"]);
            }
            BridgeUpdate latest = default(BridgeUpdate);
            decoder.ReadLatest(ref latest);
            Assert.AreEqual(17.25, latest.Beat);
            Assert.AreEqual(128f, latest.Bpm);
            Assert.AreEqual(0.875f, latest.BeatConfidence);
            Assert.AreEqual(0.125f, latest.Rms);
            Assert.AreEqual(0.0625f, latest.High);
            Assert.AreEqual(1f, latest.Onset);
            Assert.AreEqual(41.5f, latest.TotalMs);
            Assert.AreEqual("dancing", latest.Status);
            Assert.AreEqual(3, latest.DeadlinesMissed);
            Assert.AreEqual("link", latest.Clock);
            Assert.AreEqual("silence", latest.WhyReason);
            Assert.AreEqual("silence: -71 dB, and music begins at -50 dB: höher drehen", latest.WhyText);
        }

        [Test]
        public void WhatALaterVersionMaySendDisturbsNothing()
        {
            var later = (Dictionary<string, object>)Golden.File["later"];
            byte[] datagram = Golden.Bytes((string)later["datagram"]);
            var stream = new DanceStream { Monitor = new MessageLog() };
            Assert.IsTrue(stream.Receive(datagram, datagram.Length, 5));
            BridgeUpdate latest = default(BridgeUpdate);
            stream.ReadLatest(ref latest);
            Assert.AreEqual(later["state"], latest.Status);
            Assert.AreEqual(later["reason"], latest.WhyReason);
            Assert.AreEqual(later["text"], latest.WhyText);
            Assert.AreEqual(5, latest.WhyArrivalUs);
            Assert.AreEqual(0, stream.NumRefused);
        }

        [Test]
        public void NothingOfDatagramsToRefuseIsUsed()
        {
            foreach (Dictionary<string, object> entry in Golden.Entries("refused"))
            {
                byte[] datagram = Golden.Bytes((string)entry["datagram"]);
                var output = new KeepingOutput();
                Assert.IsFalse(new OscReader().Read(datagram, datagram.Length, new DanceDecoder(output)), (string)entry["why"]);
                Assert.AreEqual(0, output.Frames.Count + output.NumIncomplete);
            }
        }
    }
}
