using System;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>Everything that the control component sends; the Python side reads it as the bridge does.</summary>
    [TestFixture]
    public class ControlTests
    {
        [Test]
        public void EachMethodSendsItsControl()
        {
            Player.Clear();
            using (var bridge = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
            {
                bridge.Client.ReceiveTimeout = 60000;
                DanceControl control = new GameObject("Control").AddComponent<DanceControl>();
                control.Port = ((IPEndPoint)bridge.Client.LocalEndPoint).Port;
                var actions = new Action[]
                {
                    () => control.SetTemperature(0.9f), () => control.SetEnergy(0.8f), () => control.SetGroove(0.2f),
                    () => control.SetStyle("HO"), () => control.SetSeedPose("HO-1"),
                    () => control.SetSeed(7), () => control.SetFreeze(true),
                    () => control.SetIdle(false), () => control.SetMirror(true), () => control.SetFootLock(false),
                    () => control.SetNoiseCorrelation(0.5f), () => control.SetStyleGuidance(2f), () => control.SetFacing(1f),
                    () => control.SetFrontDeg(-90f), () => control.SetGrounding(false), () => control.SetKeepMoving(false),
                    () => control.SetMusicOnly(false),
                    () => control.SetLeashM(1.5f), () => control.SetThresholdDbfs(-40f), control.Panic, control.ResetDance, () => control.SetRecord(true),
                    control.Tap, () => control.SetBpm(97.25f), () => control.Nudge(-0.5f), () => control.SetOffsetMs(40f),
                    () => control.SetClock("tap"), control.Half, control.Double, () => control.RecallPreset("calm"),
                    () => control.SavePreset("Saturday"),
                };
                foreach (Action action in actions)
                {
                    action();
                    IPEndPoint sender = null;
                    Console.WriteLine("SENT " + BitConverter.ToString(bridge.Receive(ref sender)).Replace("-", ""));
                }
                control.SetStyle(null);
                control.enabled = false;
                control.Panic(); // to nobody, and no error
                UnityEngine.Object.Destroy(control.gameObject);
            }
        }

        [Test]
        public void AHostThatIsNotThereIsExplained()
        {
            Player.Clear();
            UnityEngine.Debug.Said.Clear();
            DanceControl control = new GameObject("Control").AddComponent<DanceControl>();
            control.Host = "";
            StringAssert.Contains("no host is named", control.Problem);
            Player.Frame(0.01f);
            control.Host = "127.0.0.1";
            Assert.IsNull(control.Problem);
            Player.Clear();
        }
    }
}
