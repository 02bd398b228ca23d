using System;
using System.Diagnostics;

namespace Transflower.Core.Tests
{
    /// <summary>
    /// Datagrams that a bridge could have sent, and figures to put into them. Right-handed, as on the wire.
    /// </summary>
    public static class Wire
    {
        public const int SkeletonId = 77;

        /// <summary>The bones of the shipped dancer.</summary>
        public static readonly string[] NineteenBones =
        {
            "Hips", "Spine", "Chest", "Neck", "Head", "LeftShoulder", "LeftUpperArm", "LeftLowerArm", "LeftHand",
            "RightShoulder", "RightUpperArm", "RightLowerArm", "RightHand", "LeftUpperLeg", "LeftLowerLeg", "LeftFoot",
            "RightUpperLeg", "RightLowerLeg", "RightFoot",
        };

        /// <summary>
        /// How each bone of the test's dance turns at a moment: about an axis of its own, to and fro.
        /// </summary>
        public static Quat Rotation(int bone, double seconds)
        {
            double angle = 0.6 * Math.Sin(2 * Math.PI * (0.5 + 0.03 * bone) * seconds + bone);
            Vec3 axis = new Vec3(bone % 3 - 1, bone % 4 - 1.5f, 1f).Normalized();
            return Quat.FromRotationVector(axis * (float)angle);
        }

        public static Vec3 Hips(double seconds) =>
            new Vec3((float)(0.3 * Math.Sin(2.0 * seconds)), (float)(0.9 + 0.05 * Math.Sin(6.0 * seconds)), (float)(0.2 * Math.Cos(seconds)));

        /// <summary>The datagrams of `/dance/skeleton`.</summary>
        public static byte[][] Skeleton(string[] names, int id = SkeletonId)
        {
            var datagrams = new byte[names.Length][];
            for (int index = 0; index < names.Length; index++)
            {
                OscWriter writer = new OscWriter().Begin("/dance/skeleton", "iisifff");
                writer.Add(id).Add(index).Add(names[index]).Add(index == 0 ? -1 : 0).Add(0.01f * index).Add(-0.1f).Add(0f);
                datagrams[index] = Copy(writer);
            }
            return datagrams;
        }

        /// <summary>One `/dance/pose` of the test's dance.</summary>
        public static byte[] Pose(string[] names, int sequence, long timeUs, double danceSeconds, int id = SkeletonId)
        {
            OscWriter writer = new OscWriter(4096).Begin("/dance/pose", "ihib");
            writer.Add(sequence).Add(timeUs).Add(id).Add(12 + 16 * names.Length);
            Vec3 hips = Hips(danceSeconds);
            writer.Add(hips.X).Add(hips.Y).Add(hips.Z);
            for (int index = 0; index < names.Length; index++)
            {
                Quat rotation = Rotation(index, danceSeconds);
                writer.Add(rotation.X).Add(rotation.Y).Add(rotation.Z).Add(rotation.W);
            }
            return Copy(writer);
        }

        /// <summary>Why nobody dances; both empty while somebody does.</summary>
        public static byte[] Why(string reason, string text) =>
            Copy(new OscWriter().Begin("/dance/why", "ss").Add(reason).Add(text));

        /// <summary>
        /// A frame of VMC: a bundle of status, time and root, and bundles of bones; the time first or last.
        /// </summary>
        public static byte[][] Vmc(string[] names, double danceSeconds, bool timeLeads = true, int bonesInBundle = 15)
        {
            OscWriter head = new OscWriter().BeginBundle();
            head.Begin("/VMC/Ext/OK", "iiii").Add(1).Add(3).Add(0).Add(1);
            head.Begin("/VMC/Ext/T", "f").Add((float)danceSeconds);
            Transform(head.Begin("/VMC/Ext/Root/Pos", "sfffffff").Add("root"), Vec3.Zero, Quat.Identity);
            int numBundles = (names.Length + bonesInBundle - 1) / bonesInBundle;
            var datagrams = new byte[numBundles + 1][];
            datagrams[timeLeads ? 0 : numBundles] = Copy(head);
            for (int bundle = 0; bundle < numBundles; bundle++)
            {
                OscWriter bones = new OscWriter().BeginBundle();
                for (int index = bundle * bonesInBundle; index < Math.Min(names.Length, (bundle + 1) * bonesInBundle); index++)
                {
                    bones.Begin("/VMC/Ext/Bone/Pos", "sfffffff").Add(names[index]);
                    Transform(bones, index == 0 ? Hips(danceSeconds) : new Vec3(0f, 0.1f, 0f), Rotation(index, danceSeconds));
                }
                datagrams[timeLeads ? bundle + 1 : bundle] = Copy(bones);
            }
            return datagrams;
        }

        /// <summary>
        /// A UDP port that tests may close and open again: no system gives it to somebody who asks for any port (on
        /// Linux and macOS), and no other process of these tests takes it.
        /// </summary>
        public static int OwnPort => 61000 + Process.GetCurrentProcess().Id % 4500;

        public static byte[] Copy(OscWriter writer)
        {
            var bytes = new byte[writer.Length];
            Array.Copy(writer.Buffer, bytes, bytes.Length);
            return bytes;
        }

        private static void Transform(OscWriter writer, Vec3 position, Quat rotation) =>
            writer.Add(position.X).Add(position.Y).Add(position.Z)
                .Add(rotation.X).Add(rotation.Y).Add(rotation.Z).Add(rotation.W);
    }
}
