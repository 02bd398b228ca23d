using System;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>Rigs of any kind turn their bones in the world as the dancer does, and stand on the floor.</summary>
    [TestFixture]
    public class RetargetingTests
    {
        private static Quat Any(Random random) => new Quat(
            (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f,
            (float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f).Normalized();

        /// <summary>A T-pose of this size; with `random`, bones and what they hang on are rotated anyhow.</summary>
        private static AvatarRest Avatar(float size, Random random, params int[] missing)
        {
            var rest = new AvatarRest();
            foreach (int bone in HumanBones.ParentsFirst)
            {
                if (Array.IndexOf(missing, bone) >= 0) continue;
                Quat rotation = random == null ? Quat.Identity : Any(random);
                Quat parent = random == null ? Quat.Identity : Any(random);
                rest.Set(bone, TPose(bone) * size, rotation, parent);
            }
            return rest;
        }

        /// <summary>Where the bones of a figure with hips at 0.9 m and ankles at 0.06 m are.</summary>
        private static Vec3 TPose(int bone)
        {
            if (bone == HumanBones.Hips) return new Vec3(0f, 0.9f, 0f);
            Vec3 parent = TPose(HumanBones.Parents[bone]);
            bool isLeft = HumanBones.Names[bone].StartsWith("Left");
            float side = isLeft ? -1f : 1f; // Unity's left is -X
            if (bone == HumanBones.LeftUpperLeg || bone == HumanBones.RightUpperLeg) return parent + new Vec3(side * 0.1f, -0.04f, 0f);
            if (bone == HumanBones.LeftLowerLeg || bone == HumanBones.RightLowerLeg) return parent + new Vec3(0f, -0.4f, 0f);
            if (bone == HumanBones.LeftFoot || bone == HumanBones.RightFoot) return parent + new Vec3(0f, -0.4f, 0f);
            if (bone == HumanBones.LeftToes || bone == HumanBones.RightToes) return parent + new Vec3(0f, -0.04f, 0.1f);
            bool isArm = bone >= HumanBones.LeftShoulder && bone <= HumanBones.RightHand || bone >= HumanBones.FirstFinger && bone < 54;
            return parent + (isArm ? new Vec3(side * 0.12f, 0f, 0f) : new Vec3(0f, 0.1f, 0f));
        }

        private static StreamSkeleton Dancer(float size)
        {
            var offsets = new Vec3[HumanBones.Count];
            ulong bones = 0;
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                bones |= 1UL << bone;
                if (bone != HumanBones.Hips) offsets[bone] = (TPose(bone) - TPose(HumanBones.Parents[bone])) * size;
            }
            return new StreamSkeleton(bones, offsets);
        }

        private static PoseFrame AnyPose(Random random)
        {
            var pose = new PoseFrame { HipsPosition = new Vec3(0.3f, 0.8f, -0.2f) };
            for (int bone = 0; bone < HumanBones.Count; bone++) pose.Set(bone, Any(random));
            return pose;
        }

        /// <summary>World rotations of a pose's bones.</summary>
        private static Quat World(PoseFrame pose, int bone) =>
            bone == HumanBones.Hips ? pose.Rotations[bone] : World(pose, HumanBones.Parents[bone]) * pose.Rotations[bone];

        /// <summary>World rotations of an avatar's bones, from its locals and what lies between its bones.</summary>
        private static Quat World(AvatarRest rest, Quat[] locals, int bone)
        {
            int parent = rest.ParentOf(bone);
            if (parent < 0) return rest.ParentRotations[bone] * locals[bone];
            Quat between = rest.Rotations[parent].Inverse * rest.ParentRotations[bone];
            return World(rest, locals, parent) * between * locals[bone];
        }

        private static void AssertSame(Quat expected, Quat found, string what) =>
            Assert.AreEqual(1f, Math.Abs(Quat.Dot(expected, found)), 2e-5f, what);

        [Test]
        public void ARigWhoseBonesRestAnyhowTurnsAsTheDancer()
        {
            var random = new Random(1);
            for (int i = 0; i < 50; i++)
            {
                AvatarRest rest = Avatar(1.2f, random);
                PoseFrame pose = AnyPose(random);
                var retargeter = new Retargeter(rest);
                var locals = new Quat[HumanBones.Count];
                retargeter.Turn(pose);
                retargeter.Locals(locals);
                for (int bone = 0; bone < HumanBones.Count; bone++)
                    AssertSame(World(pose, bone) * rest.Rotations[bone], World(rest, locals, bone), HumanBones.Names[bone]);
            }
        }

        [Test]
        public void ARigInTheDancersOwnRestPoseTakesItsRotationsAsTheyAre()
        {
            var random = new Random(2);
            PoseFrame pose = AnyPose(random);
            var retargeter = new Retargeter(Avatar(1f, null));
            var locals = new Quat[HumanBones.Count];
            retargeter.Turn(pose);
            retargeter.Locals(locals);
            for (int bone = 0; bone < HumanBones.Count; bone++) AssertSame(pose.Rotations[bone], locals[bone], HumanBones.Names[bone]);
        }

        [Test]
        public void BonesThatTheAvatarLacksLoseNoTurn()
        {
            var random = new Random(3);
            AvatarRest rest = Avatar(
                1f, random, HumanBones.Chest, HumanBones.UpperChest, HumanBones.Neck, HumanBones.LeftShoulder, HumanBones.LeftToes);
            PoseFrame pose = AnyPose(random);
            var retargeter = new Retargeter(rest);
            var locals = new Quat[HumanBones.Count];
            retargeter.Turn(pose);
            retargeter.Locals(locals);
            foreach (int bone in new[] { HumanBones.Head, HumanBones.LeftUpperArm, HumanBones.LeftHand, HumanBones.RightShoulder, HumanBones.LeftFoot })
                AssertSame(World(pose, bone) * rest.Rotations[bone], World(rest, locals, bone), HumanBones.Names[bone]);
            // The back that is left turns as the chest it carries: no slumped backs.
            AssertSame(
                World(pose, HumanBones.UpperChest) * rest.Rotations[HumanBones.Spine], World(rest, locals, HumanBones.Spine), "Spine");
        }

        [Test]
        public void BonesThatTheDancerLacksRestOnThoseAbove()
        {
            var random = new Random(4);
            AvatarRest rest = Avatar(1f, random);
            var pose = new PoseFrame();
            pose.Set(HumanBones.Hips, Any(random));
            pose.Set(HumanBones.Chest, Any(random));
            var retargeter = new Retargeter(rest);
            var locals = new Quat[HumanBones.Count];
            retargeter.Turn(pose);
            retargeter.Locals(locals);
            AssertSame(World(pose, HumanBones.Chest) * rest.Rotations[HumanBones.Neck], World(rest, locals, HumanBones.Neck), "Neck");
        }

        [Test]
        public void AStandingAvatarOfAnySizeStandsOnTheFloor([Values(0.3f, 1f, 2.5f)] float size)
        {
            StreamSkeleton dancer = Dancer(1f);
            var retargeter = new Retargeter(Avatar(size, null));
            var standing = new PoseFrame { HipsPosition = new Vec3(0.4f, dancer.LegLength + dancer.AnkleHeight, 0.2f) };
            retargeter.Turn(standing);
            Vec3 hips = retargeter.HipsPosition(standing, dancer);
            retargeter.Place(hips);
            Assert.AreEqual(0.06f * size, retargeter.Positions[HumanBones.LeftFoot].Y, 1e-4f);
            Assert.AreEqual(0.4f * size, hips.X, 1e-4f); // a small figure takes small steps
            Assert.AreEqual(0.02f * size, retargeter.Positions[HumanBones.LeftToes].Y, 1e-4f);
        }

        [Test]
        public void TwoBonesReachWhatIsInReachAndKeepTheirLengths()
        {
            var random = new Random(5);
            for (int i = 0; i < 500; i++)
            {
                Vec3 root = new Vec3(0f, 1f, 0f);
                Vec3 middle = root + (Any(random) * new Vec3(0.4f, 0f, 0f));
                Vec3 end = middle + (Any(random) * new Vec3(0.35f, 0f, 0f));
                Vec3 target = root + (Any(random) * new Vec3((float)(0.1 + 0.6 * random.NextDouble()), 0f, 0f));
                Vec3 axis = Vec3.Cross(middle - root, Any(random) * new Vec3(0f, 0f, 1f)).Normalized();
                TwoBoneIk.Solve(root, middle, end, target, axis, out Quat upper, out Quat lower);
                Vec3 newMiddle = root + upper * (middle - root);
                Vec3 newEnd = newMiddle + lower * (end - middle);
                double folded = Math.Min((end - root).Length, TwoBoneIk.Floor * 0.75); // no farther than that
                if ((target - root).Length >= folded) Assert.AreEqual(0f, (newEnd - target).Length, 3e-3f);
                else Assert.AreEqual(folded, (newEnd - root).Length, 3e-3f);
            }
        }

        [Test]
        public void AStraightLegBendsForwardAndAFarTargetIsNearlyReached()
        {
            Vec3 root = new Vec3(0f, 1f, 0f), middle = new Vec3(0f, 0.6f, 0f), end = new Vec3(0f, 0.2f, 0f);
            TwoBoneIk.Solve(root, middle, end, new Vec3(0f, 0.4f, 0f), new Vec3(1f, 0f, 0f), out Quat upper, out Quat lower);
            Assert.Greater((root + upper * (middle - root)).Z, 0.1f);
            TwoBoneIk.Solve(root, middle, end, new Vec3(0f, -5f, 0f), new Vec3(1f, 0f, 0f), out upper, out lower);
            Vec3 reached = root + upper * (middle - root) + lower * (end - middle);
            Assert.AreEqual(0.2f, reached.Y, 0.01f);
        }

        /// <summary>
        /// A dancer who shifts the hips over a left foot that stands, in an avatar with longer thighs.
        /// </summary>
        [Test]
        public void AFootThatStandsStaysAlsoWhereLegsAreOtherwise()
        {
            StreamSkeleton dancer = Dancer(1f);
            AvatarRest rest = Avatar(1f, null);
            foreach (int knee in new[] { HumanBones.LeftLowerLeg, HumanBones.RightLowerLeg })
                rest.Set(knee, rest.Positions[knee] + new Vec3(0f, 0.15f, 0f), Quat.Identity, Quat.Identity);
            float free = LargestSlide(dancer, rest, false), held = LargestSlide(dancer, rest, true);
            Assert.Greater(free, 0.015f);
            Assert.Less(held, 0.004f);
        }

        /// <summary>How far the avatar's left ankle moves while the dancer's stands.</summary>
        private static float LargestSlide(StreamSkeleton dancer, AvatarRest rest, bool isLocked)
        {
            var retargeter = new Retargeter(rest);
            var foot = new FootLock();
            var pose = new PoseFrame();
            Vec3 first = Vec3.Zero;
            float largest = 0f;
            for (int i = 0; i < 180; i++)
            {
                double sway = Math.Sin(i / 90.0 * 2 * Math.PI);
                Vec3 hips = new Vec3((float)(0.06 * sway), (float)(0.78 + 0.06 * Math.Cos(i / 20.0)), 0f);
                Stand(pose, dancer, hips);
                retargeter.Turn(pose);
                retargeter.Place(retargeter.HipsPosition(pose, dancer));
                if (isLocked) foot.Apply(retargeter, pose, dancer, 1f / 90);
                retargeter.Place(retargeter.HipsPosition(pose, dancer));
                Vec3 ankle = retargeter.Positions[HumanBones.LeftFoot];
                if (i == 30) first = ankle;
                if (i > 30) largest = Math.Max(largest, (new Vec3(ankle.X, 0f, ankle.Z) - new Vec3(first.X, 0f, first.Z)).Length);
            }
            if (isLocked) Assert.IsTrue(foot.IsHeld(0));
            return largest;
        }

        /// <summary>Both of the dancer's ankles at their places on the floor, by the legs of the dancer.</summary>
        private static void Stand(PoseFrame pose, StreamSkeleton dancer, Vec3 hips)
        {
            pose.Clear();
            pose.HipsPosition = hips;
            for (int side = 0; side < 2; side++)
            {
                int upper = HumanBones.LeftUpperLeg + side, lower = HumanBones.LeftLowerLeg + side, ankle = HumanBones.LeftFoot + side;
                Vec3 root = hips + dancer.Offsets[upper];
                Vec3 target = new Vec3(TPose(ankle).X, dancer.AnkleHeight, 0f);
                Vec3 middle = root + dancer.Offsets[lower], end = middle + dancer.Offsets[ankle];
                TwoBoneIk.Solve(root, middle, end, target, new Vec3(1f, 0f, 0f), out Quat upperTurn, out Quat lowerTurn);
                pose.Set(upper, upperTurn);
                pose.Set(lower, upperTurn.Inverse * lowerTurn);
                pose.Set(ankle, lowerTurn.Inverse);
            }
        }
    }
}
