using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Transflower.Core;
using Transflower.Core.Tests;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>A receiver opens and frees its port when it should, and says what is wrong.</summary>
    [TestFixture]
    public class ReceiverTests
    {
        private Stage _stage;

        [SetUp]
        public void Begin() => _stage = new Stage();

        [TearDown]
        public void End() => _stage.Dispose();

        private static bool IsFree(int port)
        {
            using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true })
            {
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            }
        }

        [Test]
        public void ThePortIsHeldWhileEnabledAndFreeWhenDisabledPausedOrDestroyed()
        {
            DanceReceiver receiver = _stage.Receiver;
            int port = receiver.Port = Wire.OwnPort;
            Assert.IsFalse(IsFree(port));
            receiver.enabled = false;
            Assert.IsTrue(IsFree(port), "disabled, as before a domain reload");
            receiver.enabled = true;
            Assert.IsFalse(IsFree(port));
            Player.Pause(true);
            Assert.IsTrue(IsFree(port), "the headset was taken off");
            Player.Frame(0.01f);
            Assert.IsTrue(IsFree(port));
            Player.Pause(false);
            Assert.IsFalse(IsFree(port));
            Object.Destroy(receiver.gameObject);
            Assert.IsTrue(IsFree(port), "destroyed");
        }

        [Test]
        public void ADanceGoesOnAfterAPause()
        {
            _stage.Dance(0.3);
            Assert.IsTrue(_stage.Receiver.HasPose);
            Player.Pause(true);
            Player.Pause(false);
            _stage.Aim();
            _stage.Dance(0.5);
            Assert.AreEqual(PlayoutState.Playing, _stage.Receiver.Stream.Playout.State);
        }

        [Test]
        public void APortInUseIsExplainedOnceAndTakenWhenItIsFree()
        {
            _stage.Receiver.Port = Wire.OwnPort;
            var made = new GameObject("Second");
            made.SetActive(false);
            DanceReceiver second = made.AddComponent<DanceReceiver>();
            second.ThisMachineOnly = true;
            second.Port = _stage.Receiver.ListeningPort;
            made.SetActive(true);
            StringAssert.Contains("in use", second.Problem);
            for (int i = 0; i < 10; i++) Player.Frame(1f);
            Assert.AreEqual(1, UnityEngine.Debug.Said.FindAll(said => said.Contains("in use")).Count);
            _stage.Receiver.enabled = false;
            Player.Frame(3f);
            Assert.IsNull(second.Problem);
            Assert.IsTrue(second.IsListening);
        }

        [Test]
        public void UpdatesAndLatencyAreThoseOfTheBridge()
        {
            _stage.Send(Wire.Copy(new OscWriter().Begin("/dance/latency", "fffff").Add(1f).Add(2f).Add(3f).Add(4f).Add(41.5f)));
            _stage.Send(Wire.Copy(new OscWriter().Begin("/dance/status", "si").Add("dancing").Add(2)));
            _stage.Dance(0.5);
            Assert.AreEqual("dancing", _stage.Receiver.Latest.Status);
            Assert.AreEqual(41.5 + _stage.Receiver.Stream.Playout.DelayMs, _stage.Receiver.LatencyMs, 1.0);
            Assert.Less(_stage.Receiver.SilenceS, 0.5f);
        }

        [Test]
        public void WhyNobodyDancesIsForgottenWhenNobodyTellsItAnyMore()
        {
            Assert.AreEqual("", _stage.Receiver.Why);
            _stage.Send(Wire.Why("loading", "the dancer is being loaded"));
            _stage.Draw(0.02f);
            Assert.IsFalse(_stage.Receiver.HasPose);
            Assert.AreEqual("the dancer is being loaded", _stage.Receiver.Why);
            _stage.Draw(2.5f);
            Assert.AreEqual("the dancer is being loaded", _stage.Receiver.Why);
            _stage.Draw(1f);
            Assert.AreEqual("", _stage.Receiver.Why);
        }

        [Test]
        public void VmcIsReceivedAndExpressionsAreSet()
        {
            for (int i = 0; i < 20; i++)
            {
                foreach (byte[] datagram in Wire.Vmc(Wire.NineteenBones, i / 30.0)) _stage.Send(datagram);
                OscWriter face = new OscWriter().BeginBundle();
                face.Begin("/VMC/Ext/Blend/Val", "sf").Add("Joy").Add(0.75f);
                face.Begin("/VMC/Ext/Blend/Val", "sf").Add("Blink_L").Add(float.NaN);
                face.Begin("/VMC/Ext/Blend/Apply", "");
                _stage.Send(Wire.Copy(face));
                _stage.Draw(0.02f);
            }
            Assert.IsTrue(_stage.Receiver.HasPose);
            Assert.AreEqual(19, CountBones(_stage.Receiver.Skeleton.Bones));
            ExpressionTable expressions = _stage.Receiver.Stream.Expressions;
            Assert.AreEqual(1, expressions.Count);
            Assert.AreEqual(0.75f, expressions.Weight(0));
        }

        [Test]
        public void AvatarsOfBothVrmsShowTheExpressionsThatAreSent()
        {
            OscWriter face = new OscWriter().BeginBundle();
            face.Begin("/VMC/Ext/Blend/Val", "sf").Add("Joy").Add(0.75f);
            face.Begin("/VMC/Ext/Blend/Val", "sf").Add("nobody").Add(1f);
            face.Begin("/VMC/Ext/Blend/Apply", "");
            var old = new GameObject("VRM 0").AddComponent<VRM.VRMBlendShapeProxy>();
            old.BlendShapeAvatar = new VRM.BlendShapeAvatar();
            old.BlendShapeAvatar.Clips.Add(new VRM.BlendShapeClip { BlendShapeName = "Joy" });
            old.gameObject.AddComponent<Vrm0Expressions>().Receiver = _stage.Receiver;
            var young = new GameObject("VRM 1").AddComponent<UniVRM10.Vrm10Instance>();
            young.Vrm = new UniVRM10.VRM10Object();
            young.Runtime.Expression.Keys.Add(new UniVRM10.ExpressionKey { Name = "happy" });
            young.gameObject.AddComponent<Vrm10Expressions>().Receiver = _stage.Receiver;
            _stage.Send(Wire.Copy(face));
            for (int i = 0; i < 10; i++) _stage.Draw(0.02f);
            Assert.AreEqual(0.75f, old.Applied["Joy"]);
            Assert.AreEqual(0.75f, young.Runtime.Expression.Weights["happy"]);
        }

        [Test]
        public void AnEmptyFaceIsExplainedOnceAndReadWhenItIsThere()
        {
            GameObject old = new GameObject("VRM 0"), young = new GameObject("VRM 1");
            old.AddComponent<Vrm0Expressions>().Receiver = _stage.Receiver;
            young.AddComponent<Vrm10Expressions>().Receiver = _stage.Receiver;
            ShowJoy(0.25f);
            var proxy = old.AddComponent<VRM.VRMBlendShapeProxy>();
            var instance = young.AddComponent<UniVRM10.Vrm10Instance>();
            ShowJoy(0.5f);
            Assert.AreEqual(2, UnityEngine.Debug.Said.FindAll(said => said.Contains("No face of VRM")).Count);
            proxy.BlendShapeAvatar = new VRM.BlendShapeAvatar();
            proxy.BlendShapeAvatar.Clips.Add(new VRM.BlendShapeClip { BlendShapeName = "Joy" });
            instance.Vrm = new UniVRM10.VRM10Object();
            instance.Runtime.Expression.Keys.Add(new UniVRM10.ExpressionKey { Name = "happy" });
            ShowJoy(0.75f);
            Assert.AreEqual(0.75f, proxy.Applied["Joy"]);
            Assert.AreEqual(0.75f, instance.Runtime.Expression.Weights["happy"]);
        }

        private void ShowJoy(float weight)
        {
            OscWriter face = new OscWriter().BeginBundle();
            face.Begin("/VMC/Ext/Blend/Val", "sf").Add("Joy").Add(weight);
            face.Begin("/VMC/Ext/Blend/Apply", "");
            _stage.Send(Wire.Copy(face));
            for (int i = 0; i < 5; i++) _stage.Draw(0.02f);
        }

        private static int CountBones(ulong bones)
        {
            int count = 0;
            for (; bones != 0; bones &= bones - 1) count++;
            return count;
        }
    }
}
