using System;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>
    /// The play-out buffer in simulated time. The test's dance turns its bones by up to 0.05 rad a picture at 90 Hz.
    /// </summary>
    [TestFixture]
    public class PlayoutTests
    {
        private const double Degree = Math.PI / 180;

        private static StreamSimulation JitteryNetwork(int seed, double loss = 0.02)
        {
            var random = new Random(seed);
            return new StreamSimulation
            {
                DelayMs = seconds =>
                {
                    if (random.NextDouble() < loss) return double.NaN;
                    double late = random.NextDouble() < 0.02 ? 45 : 0; // overtaken by the next
                    return 5 + 40 * random.NextDouble() + late;
                },
                LateDrawingMs = () => 2 * random.NextDouble(),
            };
        }

        private static double LargestDanceStep(StreamSimulation simulation) =>
            simulation.Largest(0, double.MaxValue, picture => picture.DanceStepRad);

        [Test]
        public void OverAQuietNetworkItIsOneFrameBehindAndExact()
        {
            var simulation = new StreamSimulation();
            simulation.RunUntil(10);
            Assert.Less(simulation.Playout.DelayMs, 40); // a frame of 33 ms, a bin of the histogram, a margin
            Assert.AreEqual(1.0, simulation.Share(2, 10, PlayoutState.Playing));
            Assert.Less(simulation.Largest(2, 10, picture => picture.ErrorRad), 0.3 * Degree); // what slerp leaves out
            Assert.AreEqual(30, simulation.Playout.Statistics.RateHz, 0.1);
        }

        [Test]
        public void JitterLossAndDisorderMoveNoBoneFurtherThanTheDanceDoes([Values(1, 2, 3)] int seed)
        {
            StreamSimulation simulation = JitteryNetwork(seed);
            simulation.RunUntil(60);
            double dance = LargestDanceStep(simulation);
            double step = simulation.Largest(2, 60, picture => picture.StepRad);
            Console.WriteLine(
                "MEASURED simulated minute, 40 ms of jitter, 2 % loss: delay {0:F0} ms, largest step {1:F2} of the dance's "
                + "largest, largest error {2:F1} degrees, playing {3:P1}",
                simulation.Playout.DelayMs,
                step / dance,
                simulation.Largest(2, 60, picture => picture.ErrorRad) / Degree,
                simulation.Share(2, 60, PlayoutState.Playing));
            Assert.Less(step, 1.5 * dance);
            Assert.Less(simulation.Playout.DelayMs, 110);
            Assert.Greater(simulation.Share(2, 60, PlayoutState.Playing), 0.95);
            Assert.Less(simulation.Largest(2, 60, picture => picture.ErrorRad), 8 * Degree);
        }

        [Test]
        public void ThePlayheadNeverRunsBackAndNeverMoreThanFivePercentFast()
        {
            StreamSimulation simulation = JitteryNetwork(4);
            simulation.RunUntil(30);
            for (int i = 1; i < simulation.Pictures.Count; i++)
            {
                double rate = (simulation.Pictures[i].PlayUs - simulation.Pictures[i - 1].PlayUs) * 1e-6 * simulation.DisplayHz;
                Assert.AreEqual(1.0, rate, 0.0501);
            }
        }

        [Test]
        public void TheDelayFollowsTheNetwork()
        {
            var random = new Random(5);
            var simulation = new StreamSimulation();
            simulation.DelayMs = seconds => seconds > 10 && seconds < 20 ? 5 + 60 * random.NextDouble() : 5;
            simulation.RunUntil(9);
            Assert.Less(simulation.Playout.DelayMs, 40);
            simulation.RunUntil(20);
            Assert.Greater(simulation.Playout.DelayMs, 85);
            simulation.RunUntil(60);
            Assert.Less(simulation.Playout.DelayMs, 50);
            Assert.Less(simulation.Largest(2, 60, picture => picture.StepRad), 1.5 * LargestDanceStep(simulation));
        }

        [Test]
        public void AStallOfTwoSecondsIsOverWithinThreeTenthsOfASecond([Values(1, 2, 3, 4)] int seed)
        {
            StreamSimulation simulation = JitteryNetwork(seed, 0);
            Func<double, double> usual = simulation.DelayMs;
            simulation.DelayMs = seconds => seconds >= 10 && seconds < 12 ? double.NaN : usual(seconds);
            simulation.RunUntil(20);
            // It glides on, holds, and at the end of the stall eases to where the dance has gone.
            Assert.Greater(simulation.Share(10.5, 11.9, PlayoutState.Holding), 0.99);
            Assert.Less(simulation.Largest(10.5, 11.9, picture => picture.StepRad), 1e-6);
            double first = 12 + 0.045 + 0.045; // the latest at which the first frame can have come
            Assert.Less(simulation.Largest(first + 0.3, 20, picture => picture.ErrorRad), 8 * Degree);
            Assert.Less(simulation.Largest(10, 20, picture => picture.StepRad), 0.3);
            Assert.Less(simulation.Largest(10, 20, picture => picture.HipsStep), 0.1);
        }

        [Test]
        public void ABurstAfterTheNetworkHeldItsBreathIsPlayedFromWhereTheDanceIs()
        {
            var simulation = new StreamSimulation();
            simulation.DelayMs = seconds => seconds >= 10 && seconds < 11.5 ? (11.5 - seconds) * 1000 + 5 : 5;
            simulation.RunUntil(20);
            Assert.Less(simulation.Largest(11.9, 20, picture => picture.ErrorRad), 2 * Degree);
            Assert.Less(simulation.Largest(2, 20, picture => picture.StepRad), 0.3);
            Assert.Less(simulation.Playout.DelayMs, 60);
        }

        [Test]
        public void AnotherSenderIsFollowedAtOnce([Values(-7.0, -0.5, 0.5, 7.0, 1e6)] double step)
        {
            var simulation = new StreamSimulation { ClockStepS = seconds => seconds < 10 ? 0 : step };
            simulation.RunUntil(20);
            if (Math.Abs(step) > 5) Assert.AreEqual(1, simulation.Playout.Statistics.NumRestarts);
            Assert.AreEqual(1.0, simulation.Share(14, 20, PlayoutState.Playing));
            Assert.Less(simulation.Largest(14, 20, picture => picture.ErrorRad), 1 * Degree);
            Assert.Less(simulation.Playout.DelayMs, 60);
            Assert.Less(simulation.Largest(2, 20, picture => picture.StepRad), 0.3);
        }

        [Test]
        public void OneFrameOfAnotherClockIsLeftOut()
        {
            var simulation = new StreamSimulation { ClockStepS = seconds => seconds > 9.99 && seconds < 10.01 ? 1000 : 0 };
            simulation.RunUntil(12);
            Assert.AreEqual(0, simulation.Playout.Statistics.NumRestarts);
            Assert.Less(simulation.Largest(10.5, 12, picture => picture.ErrorRad), 1 * Degree);
        }

        [Test]
        public void ClocksThatDriftApartStayTogether([Values(-200e-6, 200e-6)] double drift)
        {
            var simulation = new StreamSimulation { Drift = drift };
            simulation.RunUntil(600);
            Assert.AreEqual(1.0, simulation.Share(2, 600, PlayoutState.Playing));
            Assert.Less(simulation.Playout.DelayMs, 45);
            Assert.Less(simulation.Largest(500, 600, picture => picture.ErrorRad), 0.3 * Degree);
        }

        [Test]
        public void DisplaysOfAnyRateAndStreamsOfAnyRate([Values(30, 72, 90, 120)] int display, [Values(15, 30, 60, 90)] int stream)
        {
            var simulation = new StreamSimulation { DisplayHz = display, FrameHz = stream };
            simulation.RunUntil(6);
            Assert.AreEqual(1.0, simulation.Share(3, 6, PlayoutState.Playing));
            Assert.Less(simulation.Playout.DelayMs, 1000.0 / stream + 10);
        }

        [Test]
        public void AProgramThatStoodStillGoesOnWhereTheDanceIs()
        {
            var simulation = new StreamSimulation();
            simulation.RunUntil(5);
            var pose = new PoseFrame();
            Assert.IsTrue(simulation.Playout.Sample(7000000, 0.011, pose)); // nothing came either
            Assert.AreEqual(PlayoutState.Holding, simulation.Playout.State);
            Assert.IsTrue(simulation.Playout.Sample(7010000, double.NaN, pose));
            Assert.AreEqual(1f, Quat.Dot(pose.Rotations[3], pose.Rotations[3]), 1e-3f);
        }

        [Test]
        public void WhatIsLostDoubledAndOvertakenIsCounted()
        {
            var statistics = new StreamStatistics();
            var frame = new PoseFrame();
            int[] order = { int.MaxValue - 1, int.MaxValue, 0, 1, 4, 3, 5, 6, 7 }; // 2 is lost, 4 overtakes 3
            for (int i = 0; i < order.Length; i++)
            {
                frame.Sequence = order[i];
                frame.TimeUs = (order[i] > 1000 ? order[i] - int.MaxValue - 1 : order[i]) * 33333L;
                frame.ArrivalUs = 10000000 + i * 33333L;
                statistics.Add(frame);
            }
            Assert.AreEqual(9, statistics.NumTaken);
            Assert.AreEqual(1, statistics.NumLost);
            Assert.AreEqual(1, statistics.NumReordered);
            Assert.AreEqual(30, statistics.RateHz, 0.1);
            var playout = new PlayoutBuffer();
            playout.Add(frame);
            playout.Add(frame);
            Assert.AreEqual(1, playout.Statistics.NumDuplicates);
        }
    }
}
