using System;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    [TestFixture]
    public class QuatTests
    {
        private static Quat Any(Random random) => new Quat(
            (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f,
            (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f).Normalized();

        private static void AssertSame(Quat expected, Quat found) => Assert.AreEqual(1f, Math.Abs(Quat.Dot(expected, found)), 1e-5f);

        [Test]
        public void RotationsAreAGroupThatTurnsVectors()
        {
            var random = new Random(1);
            for (int i = 0; i < 200; i++)
            {
                Quat a = Any(random), b = Any(random), c = Any(random);
                var v = new Vec3((float)random.NextDouble(), -2f, 0.5f);
                AssertSame((a * b) * c, a * (b * c));
                AssertSame(Quat.Identity, a * a.Inverse);
                Assert.AreEqual(0f, (a * (b * v) - (a * b) * v).Length, 1e-5f);
                Assert.AreEqual(v.Length, (a * v).Length, 1e-5f);
            }
        }

        [Test]
        public void RotationVectorsLeadThereAndBack()
        {
            var random = new Random(2);
            for (int i = 0; i < 200; i++)
            {
                Quat q = Any(random);
                AssertSame(q, Quat.FromRotationVector(q.ToRotationVector()));
                Assert.LessOrEqual(q.ToRotationVector().Length, (float)Math.PI + 1e-4f);
            }
            AssertSame(Quat.Identity, Quat.FromRotationVector(Vec3.Zero));
            Assert.AreEqual(1e-7f, Quat.FromRotationVector(new Vec3(1e-7f, 0f, 0f)).ToRotationVector().X, 1e-9f);
        }

        [Test]
        public void SlerpGoesTheShorterWayAtConstantSpeed()
        {
            var random = new Random(3);
            for (int i = 0; i < 200; i++)
            {
                Quat a = Any(random), b = Any(random);
                float whole = Quat.Angle(a, b);
                Assert.AreEqual(0.25f * whole, Quat.Angle(a, Quat.Slerp(a, b, 0.25f)), 2e-3f);
                Quat negated = new Quat(-b.X, -b.Y, -b.Z, -b.W);
                AssertSame(Quat.Slerp(a, b, 0.7f), Quat.Slerp(a, negated, 0.7f));
                AssertSame(a, Quat.Slerp(a, b, 0f));
                AssertSame(b, Quat.Slerp(a, b, 1f));
            }
        }

        [Test]
        public void UnitysAxesAreLeftHanded()
        {
            Quat quarter = Quat.FromRotationVector(new Vec3(0f, (float)Math.PI / 2, 0f));
            Vec3 turned = quarter * new Vec3(0f, 0f, 1f); // as Quaternion.Euler(0, 90, 0) * Vector3.forward
            Assert.AreEqual(1f, turned.X, 1e-6f);
        }

        [Test]
        public void FromToTurnsOneDirectionIntoTheOther()
        {
            var random = new Random(4);
            for (int i = 0; i < 200; i++)
            {
                Vec3 from = Any(random) * new Vec3(1f, 0f, 0f);
                Vec3 to = i == 0 ? from * -1f : Any(random) * new Vec3(1f, 0f, 0f);
                Assert.AreEqual(0f, (Quat.FromTo(from, to) * from - to).Length, 1e-3f);
            }
        }

        [Test]
        public void AResidualFadesWithinAFifthOfASecondAndItsSpeedGoesOn()
        {
            var residual = new Residual();
            PoseFrame shown = new PoseFrame(), wanted = new PoseFrame();
            PoseFrame shownBefore = new PoseFrame(), wantedBefore = new PoseFrame();
            shown.Set(3, Quat.FromRotationVector(new Vec3(1f, 0f, 0f)));
            shownBefore.Set(3, Quat.FromRotationVector(new Vec3(0.98f, 0f, 0f))); // it was turning away, at 2 rad/s
            wanted.Set(3, Quat.Identity);
            wantedBefore.Set(3, Quat.Identity);
            residual.Begin(shown, wanted, shownBefore, wantedBefore, 0.01f);
            var pose = new PoseFrame();
            pose.Set(3, Quat.Identity);
            residual.Advance(0.001f);
            residual.ApplyTo(pose);
            Assert.AreEqual(1.0016f, Quat.Angle(Quat.Identity, pose.Rotations[3]), 5e-4f);
            for (int i = 0; i < 20; i++) residual.Advance(0.01f);
            pose.Set(3, Quat.Identity);
            residual.ApplyTo(pose);
            Assert.Less(Quat.Angle(Quat.Identity, pose.Rotations[3]), 0.05f);
            for (int i = 0; i < 50; i++) residual.Advance(0.01f);
            Assert.IsFalse(residual.IsActive);
        }
    }
}
