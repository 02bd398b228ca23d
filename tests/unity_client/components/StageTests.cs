using System;
using System.Collections.Generic;
using NUnit.Framework;
using Transflower.Core;
using Transflower.Core.Tests;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>Beats, the panel and its buttons.</summary>
    [TestFixture]
    public class StageTests
    {
        private Stage _stage;

        [SetUp]
        public void Begin() => _stage = new Stage();

        [TearDown]
        public void End() => _stage.Dispose();

        /// <summary>Poses and beats at 120 beats a minute, as the bridge sends them.</summary>
        private void DanceToTheBeat(double seconds)
        {
            long startUs = LocalClock.NowUs;
            while (LocalClock.NowUs - startUs < seconds * 1e6)
            {
                double beats = (LocalClock.NowUs - startUs) * 2e-6;
                _stage.SendPose(1.0);
                _stage.Send(Wire.Copy(new OscWriter().Begin("/dance/beat", "ffif")
                    .Add((float)(beats - Math.Floor(beats))).Add(120f).Add((int)Math.Floor(beats)).Add(0.9f)));
                _stage.Send(Wire.Copy(new OscWriter().Begin("/dance/audio", "fffff").Add(0.5f).Add(0f).Add(0f).Add(0f).Add(0f)));
                _stage.Draw(0.015f);
            }
        }

        [Test]
        public void BeatsBarsAndEnergyFireInTime()
        {
            var beats = new List<int>();
            var bars = new List<int>();
            float energy = 0f;
            BeatEvents events = _stage.Receiver.gameObject.AddComponent<BeatEvents>();
            events.OnBeat.AddListener(beats.Add);
            events.OnBar.AddListener(bars.Add);
            events.OnEnergy.AddListener(value => energy = value);
            DanceToTheBeat(3.2);
            CollectionAssert.IsSubsetOf(new[] { 1, 2, 3, 4, 5 }, beats);
            CollectionAssert.AllItemsAreUnique(beats);
            CollectionAssert.Contains(bars, 1);
            Assert.AreEqual(0.5f, energy, 0.01f);
            Assert.AreEqual(120f, events.Bpm);
        }

        [Test]
        public void ThePanelTellsTheStateAndItsButtonsSteer()
        {
            BeatEvents beat = _stage.Receiver.gameObject.AddComponent<BeatEvents>();
            StagePanel panel = new GameObject("Panel").AddComponent<StagePanel>();
            var finger = new GameObject("Finger").transform;
            finger.position = new Vector3(0f, 0f, -1f);
            panel.Pointers = new[] { finger };
            Player.Frame(0.3f);
            StringAssert.Contains("nothing yet", panel.Text);
            _stage.Send(Wire.Copy(new OscWriter().Begin("/dance/status", "si").Add("dancing").Add(0)));
            DanceToTheBeat(0.8);
            Player.Frame(0.3f);
            StringAssert.Contains("dancing", panel.Text);
            StringAssert.Contains("latency", panel.Text);
            StringAssert.Contains("120 bpm", panel.Text);
            Assert.AreEqual(beat, panel.Beat);

            finger.position = new Vector3(-0.075f, -0.07f, 0f); // the freeze button
            Player.Frame(0.01f);
            Assert.IsTrue(panel.IsFrozen);
            Player.Frame(0.01f);
            Assert.IsTrue(panel.IsFrozen, "a finger that stays presses once");
            finger.position = new Vector3(0f, 0f, -1f);
            Player.Frame(0.6f);
            finger.position = new Vector3(-0.075f, -0.07f, 0f);
            Player.Frame(0.01f);
            Assert.IsFalse(panel.IsFrozen);
        }

        [Test]
        public void TheMouseOfTheInputSystemPressesWhatTheCameraSeesThere()
        {
            RuntimeInitializeOnLoadMethodAttribute.Call(System.Reflection.Assembly.Load("Transflower.InputSystem"));
            StagePanel panel = new GameObject("Panel").AddComponent<StagePanel>();
            Player.Frame(0.3f); // no mouse, no camera
            Assert.IsFalse(panel.IsFrozen);
            var mouse = new UnityEngine.InputSystem.Mouse();
            UnityEngine.InputSystem.Mouse.current = mouse;
            mouse.position.Now = new Vector2 { x = -75f, y = -70f }; // the freeze button
            mouse.leftButton.Now = 1f;
            Player.Frame(0.01f);
            Assert.IsFalse(panel.IsFrozen, "there is no camera");
            Camera.main = new GameObject("Camera").AddComponent<Camera>();
            mouse.leftButton.Now = 0f;
            Player.Frame(0.6f);
            Assert.IsFalse(panel.IsFrozen, "it is only above it");
            mouse.leftButton.Now = 1f;
            Player.Frame(0.01f);
            Assert.IsTrue(panel.IsFrozen);
            mouse.position.Now = new Vector2 { x = 0f, y = 200f };
            Player.Frame(0.6f);
            Assert.IsTrue(panel.IsFrozen, "beside it");
            mouse.position.Now = new Vector2 { x = -75f, y = -70f };
            var before = new GameObject("Wall").AddComponent<BoxCollider>();
            before.transform.position = new Vector3(-0.075f, -0.07f, -1f);
            Player.Frame(0.6f);
            Assert.IsTrue(panel.IsFrozen, "something stands before it");
            UnityEngine.InputSystem.Mouse.current = null;
            Camera.main = null;
        }

        [Test]
        public void WhyNobodyDancesStandsBelowTheButtonsUntilSomebodyDoes()
        {
            StagePanel panel = new GameObject("Panel").AddComponent<StagePanel>();
            string line = "speech or noise, no music: switch music_only off to dance to it all the same";
            _stage.Send(Wire.Why("not_music", line));
            _stage.Draw(0.3f);
            Player.Frame(0.3f);
            Assert.AreEqual(line, panel.Why.Replace('\n', ' '));
            foreach (string shown in panel.Why.Split('\n')) Assert.LessOrEqual(shown.Length, 36);
            StringAssert.Contains("a bridge, but no pose yet", panel.Text);
            _stage.Send(Wire.Why("", ""));
            _stage.Dance(0.3);
            Player.Frame(0.3f);
            Assert.AreEqual("", panel.Why);
        }

        [Test]
        public void APortThatIsNotOpenIsOnThePanel()
        {
            StagePanel panel = new GameObject("Panel").AddComponent<StagePanel>();
            panel.Receiver = _stage.Receiver;
            using (var other = new DanceSocket(new DanceStream(), 0, true))
            {
                _stage.Receiver.Port = other.Port;
                Player.Frame(0.3f);
                StringAssert.Contains("is not open", panel.Text);
            }
        }
    }
}
