using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>
    /// What the bridge's own Python says of the same bones, knees and poses: `tests/conformance` of the repository. A
    /// package that was added by its address lacks it; then these tests are ignored. Axes there are the wire's.
    /// </summary>
    [TestFixture]
    public class ConformanceTests
    {
        /// <summary>Names the folder.</summary>
        public const string Variable = "TRANSFLOWER_CONFORMANCE";

        private static Dictionary<string, object> Read(string name)
        {
            string folder = Environment.GetEnvironmentVariable(Variable);
            string path = string.IsNullOrEmpty(folder) ? "" : Path.Combine(folder, name);
            if (!File.Exists(path)) Assert.Ignore("The conformance fixtures are not here; " + Variable + " names tests/conformance.");
            return (Dictionary<string, object>)Json.Parse(File.ReadAllText(path));
        }

        private static List<Dictionary<string, object>> Cases(string name)
        {
            var found = new List<Dictionary<string, object>>();
            foreach (object entry in (List<object>)Read(name)["cases"]) found.Add((Dictionary<string, object>)entry);
            return found;
        }

        /// <summary>A place on the wire in Unity's axes.</summary>
        private static Vec3 Place(object numbers)
        {
            float[] values = Golden.Floats(numbers);
            return new Vec3(-values[0], values[1], values[2]);
        }

        private static Quat Turn(object numbers)
        {
            float[] values = Golden.Floats(numbers);
            return new Quat(values[0], -values[1], -values[2], values[3]).Normalized();
        }

        private static void AssertTurned(Quat expected, Quat found, string what) =>
            Assert.Less(Quat.Angle(expected, found.Normalized()), 2e-3f, what);

        [Test]
        public void BonesHangAsTheBridgesDo()
        {
            Dictionary<string, object> table = Read("../../data/tables/humanoid.json");
            var names = (List<object>)table["bones"];
            var parents = (Dictionary<string, object>)table["parents"];
            Assert.AreEqual(HumanBones.Count, names.Count);
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                Assert.AreEqual((string)names[bone], HumanBones.Names[bone]);
                string parent = HumanBones.Parents[bone] < 0 ? "" : HumanBones.Names[HumanBones.Parents[bone]];
                Assert.AreEqual((string)parents[HumanBones.Names[bone]], parent, HumanBones.Names[bone]);
            }
        }

        [Test]
        public void KneesBendAsTheBridgesDo()
        {
            List<Dictionary<string, object>> cases = Cases("two_bone.json");
            Assert.AreEqual(200, cases.Count);
            for (int i = 0; i < cases.Count; i++)
            {
                Dictionary<string, object> leg = cases[i];
                Quat thigh = Turn(leg["thigh"]), shin = Turn(leg["shin"]);
                Vec3 middle = thigh * Place(leg["knee"]), end = middle + shin * Place(leg["ankle"]);
                TwoBoneIk.Solve(
                    Vec3.Zero, middle, end, Place(leg["reach"]), thigh * new Vec3(1f, 0f, 0f), out Quat upper, out Quat lower);
                AssertTurned(Turn(leg["solved_thigh"]), upper * thigh, "thigh of leg " + i);
                AssertTurned(Turn(leg["solved_shin"]), lower * shin, "shin of leg " + i);
            }
        }

        /// <summary>Rigs that rest in a T, as Unity gives them.</summary>
        [Test]
        public void RigsArePosedAsBlendersAre()
        {
            List<Dictionary<string, object>> cases = Cases("retarget.json");
            var figure = (Dictionary<string, object>)cases[0]["figure"];
            var bones = (List<object>)figure["bones"];
            StreamSkeleton skeleton = Skeleton(bones, (List<object>)figure["offsets"]);
            int rigs = 0;
            foreach (Dictionary<string, object> rig in cases.GetRange(1, cases.Count - 1))
            {
                if (!(bool)rig["is_t"] || (string)rig["name"] == "its origin at the hips") continue;
                rigs++;
                var retargeter = new Retargeter(Rest((Dictionary<string, object>)rig["rest"]));
                Assert.AreEqual((double)rig["scale"], retargeter.ScaleFor(skeleton), 1e-3);
                for (int frame = 0; frame < ((List<object>)figure["roots"]).Count; frame++)
                {
                    string where = (string)rig["name"] + ", pose " + frame;
                    var turns = (List<object>)((List<object>)figure["rotations"])[frame];
                    var pose = new PoseFrame { HipsPosition = Place(((List<object>)figure["roots"])[frame]) };
                    for (int i = 0; i < bones.Count; i++) pose.Set(Index((string)bones[i]), Turn(turns[i]));
                    Check(rig, frame, retargeter, pose, skeleton, where);
                }
            }
            Assert.GreaterOrEqual(rigs, 5);
        }

        private static void Check(
            Dictionary<string, object> rig, int frame, Retargeter retargeter, PoseFrame pose, StreamSkeleton skeleton, string where)
        {
            retargeter.Turn(pose);
            Vec3 hips = Place(((List<object>)rig["hips"])[frame]);
            Assert.Less((retargeter.HipsPosition(pose, skeleton) - hips).Length, 1e-3f, where);
            var wanted = (List<object>)((List<object>)rig["rotations"])[frame];
            var driven = (List<object>)rig["bones"];
            for (int i = 0; i < driven.Count; i++)
            {
                int bone = Index((string)driven[i]);
                Quat found = retargeter.Turns[bone] * retargeter.Rest.Rotations[bone];
                AssertTurned(Turn(wanted[i]), found, where + ", " + driven[i]);
            }
        }

        /// <summary>
        /// A walk whose standing feet slide at 12 cm/s. `test_standing_feet.py` asks the same of the bridge and of Blender.
        /// </summary>
        [Test]
        public void StandingFeetAreHeld()
        {
            const int Around = 6; // frames in which a foot may still be caught, or let go
            Dictionary<string, object> walk = Cases("foot_lock.json")[0];
            var bones = (List<object>)walk["bones"];
            StreamSkeleton skeleton = Skeleton(bones, (List<object>)walk["offsets"]);
            Vec3[][] free = Ankles(walk, bones, skeleton, false), held = Ankles(walk, bones, skeleton, true);
            var stands = (List<object>)walk["stands"];
            int found = 0;
            for (int side = 0; side < 2; side++)
            {
                for (int first = 1, last; first < held.Length; first = last + 1)
                {
                    for (last = first; last < held.Length && (bool)((List<object>)stands[last])[side]; ) last++;
                    if (last - first <= 2 * Around + 2) continue;
                    found++;
                    Vec3 slid = held[last - Around - 1][side] - held[first + Around][side];
                    double seconds = (last - first - 2 * Around - 1) / (double)walk["rate_hz"];
                    Assert.Less(Math.Sqrt(slid.X * slid.X + slid.Z * slid.Z) / seconds, 0.02, "foot " + side + " from frame " + first);
                }
                for (int i = 0; i < held.Length; i++) Assert.Less((held[i][side] - free[i][side]).Length, 0.12f, "frame " + i);
            }
            Assert.GreaterOrEqual(found, 5);
        }

        /// <summary>Where an avatar that is the figure itself has its ankles, with and without the foot lock.</summary>
        private static Vec3[][] Ankles(Dictionary<string, object> walk, List<object> bones, StreamSkeleton skeleton, bool isLocked)
        {
            var rest = new AvatarRest();
            var places = new Vec3[HumanBones.Count];
            foreach (int bone in HumanBones.ParentsFirst)
            {
                if (!skeleton.Has(bone)) continue;
                int parent = skeleton.ParentOf(bone);
                float height = skeleton.LegLength + skeleton.AnkleHeight;
                places[bone] = parent < 0 ? new Vec3(0f, height, 0f) : places[parent] + skeleton.Offsets[bone];
                rest.Set(bone, places[bone], Quat.Identity, Quat.Identity);
            }
            var retargeter = new Retargeter(rest);
            var foot = new FootLock();
            var roots = (List<object>)walk["roots"];
            var found = new Vec3[roots.Count][];
            for (int frame = 0; frame < roots.Count; frame++)
            {
                var pose = new PoseFrame { HipsPosition = Place(roots[frame]) };
                var turns = (List<object>)((List<object>)walk["rotations"])[frame];
                for (int i = 0; i < bones.Count; i++) pose.Set(Index((string)bones[i]), Turn(turns[i]));
                Vec3 hips = retargeter.HipsPosition(pose, skeleton);
                retargeter.Turn(pose);
                retargeter.Place(hips);
                if (isLocked) foot.Apply(retargeter, pose, skeleton, (float)(1.0 / (double)walk["rate_hz"]));
                retargeter.Place(hips);
                found[frame] = new[] { retargeter.Positions[HumanBones.LeftFoot], retargeter.Positions[HumanBones.RightFoot] };
            }
            return found;
        }

        private static int Index(string name) => Array.IndexOf(HumanBones.Names, name);

        private static StreamSkeleton Skeleton(List<object> bones, List<object> places)
        {
            var offsets = new Vec3[HumanBones.Count];
            ulong present = 0;
            for (int i = 0; i < bones.Count; i++)
            {
                int bone = Index((string)bones[i]);
                present |= 1UL << bone;
                offsets[bone] = Place(places[i]);
            }
            return new StreamSkeleton(present, offsets);
        }

        private static AvatarRest Rest(Dictionary<string, object> bones)
        {
            var rest = new AvatarRest();
            foreach (KeyValuePair<string, object> entry in bones)
            {
                var bone = (Dictionary<string, object>)entry.Value;
                rest.Set(Index(entry.Key), Place(bone["head"]), Turn(bone["rotation"]), Quat.Identity);
            }
            return rest;
        }
    }
}
