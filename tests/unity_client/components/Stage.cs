using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;
using Transflower.Core;
using Transflower.Core.Tests;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>A scene with a receiver, avatars whose bones rest anyhow, and a sender of real datagrams.</summary>
    public sealed class Stage : IDisposable
    {
        public const float PictureS = 1f / 90f;
        public readonly DanceReceiver Receiver;
        private readonly Socket _sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly List<SkeletonBone> _rest = new List<SkeletonBone>();
        private static readonly byte[] Last = Wire.Copy(new OscWriter().Begin("/nothing", ""));
        private int _sequence, _numSent;

        public Stage()
        {
            Player.Clear();
            UnityEngine.Debug.Said.Clear();
            var made = new GameObject("Dance Receiver");
            made.SetActive(false);
            Receiver = made.AddComponent<DanceReceiver>();
            Receiver.ThisMachineOnly = true;
            Receiver.Port = 0;
            made.SetActive(true);
            Aim();
            foreach (byte[] datagram in Wire.Skeleton(Wire.NineteenBones)) Send(datagram);
        }

        /// <summary>Sends to where the receiver listens now.</summary>
        public void Aim() => _sender.Connect(IPAddress.Loopback, Receiver.ListeningPort);

        public void Send(byte[] datagram)
        {
            _sender.Send(datagram);
            _numSent++;
        }

        /// <summary>
        /// Waits until the receiver has read all that was sent: it counts a datagram when it begins to read it, and the
        /// last one says nothing.
        /// </summary>
        public void Arrive()
        {
            Send(Last);
            for (int i = 0; i < 60000 && Receiver.Stream.NumDatagrams != _numSent; i++) Thread.Sleep(1);
            Assert.AreEqual(_numSent, Receiver.Stream.NumDatagrams, "datagrams that came");
        }

        /// <summary>Draws a picture, so much later, when all that was sent has arrived.</summary>
        public void Draw(float seconds)
        {
            Arrive();
            LocalClock.Pass(seconds);
            Player.Frame(seconds);
        }

        /// <summary>Sends the next pose: one moment of the test's dance, or the T-pose.</summary>
        public void SendPose(double danceSeconds) =>
            Send(Wire.Pose(Wire.NineteenBones, _sequence++, LocalClock.NowUs, danceSeconds));

        /// <summary>Draws pictures, and time passes, while one pose is sent again and again.</summary>
        public void Dance(double seconds, double danceSeconds = 1.0)
        {
            for (int i = 0; i < seconds / PictureS; i++)
            {
                if (i % 3 == 0) SendPose(danceSeconds);
                Draw(PictureS);
            }
        }

        /// <summary>The rotation of one of the dance's bones, in Unity's axes.</summary>
        public static Quaternion Local(string bone, double danceSeconds = 1.0)
        {
            int index = Array.IndexOf(Wire.NineteenBones, bone);
            if (index < 0) return Quaternion.identity;
            Quat wire = Wire.Rotation(index, danceSeconds);
            return new Quaternion(wire.X, -wire.Y, -wire.Z, wire.W);
        }

        /// <summary>How one of the dance's bones has turned in the world.</summary>
        public static Quaternion Turn(int bone, double danceSeconds = 1.0)
        {
            Quaternion local = Local(HumanBones.Names[bone], danceSeconds);
            return bone == HumanBones.Hips ? local : Turn(HumanBones.Parents[bone], danceSeconds) * local;
        }

        /// <summary>
        /// A humanoid of this size without some bones. It is in an A-pose when it enters; its avatar knows the T.
        /// </summary>
        public Animator MakeAvatar(float size, params int[] missing)
        {
            var random = new Random(5);
            var root = new GameObject("Avatar");
            Animator animator = root.AddComponent<Animator>();
            Transform armature = Make("Armature", root.transform, new Vector3(0f, 0.1f, 0f), AnyTurn(random), 0.5f);
            _rest.Clear();
            _rest.Add(Describe(armature));
            var human = new List<HumanBone>();
            foreach (int bone in HumanBones.ParentsFirst)
            {
                if (Array.IndexOf(missing, bone) >= 0) continue;
                int parent = HumanBones.Parents[bone];
                while (parent >= 0 && Array.IndexOf(missing, parent) >= 0) parent = HumanBones.Parents[parent];
                Transform above = parent < 0 ? armature : animator.Bones[(HumanBodyBones)parent];
                Transform made = Make("bone " + HumanBones.Names[bone], above, Vector3.zero, AnyTurn(random), 1f);
                made.position = At(bone) * size;
                animator.Bones[(HumanBodyBones)bone] = made;
                _rest.Add(Describe(made));
                human.Add(new HumanBone { boneName = made.name, humanName = HumanTrait.BoneName[bone] });
            }
            var go = new GameObject();
            animator.avatar = AvatarBuilder.BuildHumanAvatar(
                go, new HumanDescription { human = human.ToArray(), skeleton = _rest.ToArray() });
            Transform arm = animator.Bones[HumanBodyBones.LeftUpperArm];
            arm.localRotation = Quaternion.AngleAxis(40f, new Vector3(0f, 0f, 1f)) * arm.localRotation;
            return animator;
        }

        public void Dispose()
        {
            Player.Clear();
            _sender.Close();
        }

        /// <summary>Where bones are in a T-pose with the hips at 0.9 m and ankles at 0.1 m.</summary>
        private static Vector3 At(int bone)
        {
            if (bone == HumanBones.Hips) return new Vector3(0f, 0.9f, 0f);
            Vector3 parent = At(HumanBones.Parents[bone]);
            string name = HumanBones.Names[bone];
            float side = name.StartsWith("Left") ? -1f : name.StartsWith("Right") ? 1f : 0f;
            if (name.EndsWith("Leg") || name.EndsWith("Foot"))
                return parent + new Vector3(name.EndsWith("UpperLeg") ? side * 0.1f : 0f, name.EndsWith("UpperLeg") ? 0f : -0.4f, 0f);
            return parent + (side == 0f ? new Vector3(0f, 0.1f, 0f) : new Vector3(side * 0.1f, 0f, 0f));
        }

        private static Transform Make(string name, Transform above, Vector3 place, Quaternion turn, float scale)
        {
            Transform made = new GameObject(name).transform;
            made.SetParent(above, false);
            made.localPosition = place;
            made.localRotation = turn;
            made.localScale = Vector3.one * scale;
            return made;
        }

        private static SkeletonBone Describe(Transform made) => new SkeletonBone
        {
            name = made.name,
            position = made.localPosition,
            rotation = made.localRotation,
            scale = made.localScale,
        };

        private static Quaternion AnyTurn(Random random) => Quaternion.AngleAxis(
            (float)(random.NextDouble() * 360.0),
            new Vector3((float)random.NextDouble() + 0.01f, (float)random.NextDouble(), (float)random.NextDouble()));
    }

    /// <summary>What the tests of components say.</summary>
    public static class Check
    {
        public static void Same(Quaternion expected, Quaternion found, string what, float tolerance = 1e-4f) =>
            Assert.AreEqual(1f, Math.Abs(Quaternion.Dot(expected, found)), tolerance, what);

        public static void Near(Vector3 expected, Vector3 found, float metres, string what) =>
            Assert.Less((expected - found).magnitude, metres, what + ": " + found.x + " " + found.y + " " + found.z);
    }
}
