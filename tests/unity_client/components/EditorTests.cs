using System.Reflection;
using NUnit.Framework;
using Transflower.Core.Tests;
using Transflower.EditorTools;
using UnityEditor;
using UnityEditor.Build.Reporting;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>The inspectors, the monitor and the recorder, as far as a stand-in for the editor shows.</summary>
    [TestFixture]
    public class EditorTests
    {
        private Stage _stage;

        [SetUp]
        public void Begin()
        {
            _stage = new Stage();
            EditorGUILayout.Shown.Clear();
            Handles.Lines.Clear();
            GUILayout.Pressed = null;
        }

        [TearDown]
        public void End() => _stage.Dispose();

        private static void Call(object on, string method) =>
            on.GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance).Invoke(on, null);

        [Test]
        public void TheInspectorShowsTheSkeletonAndWhatTheStreamIsLike()
        {
            var inspector = new DanceReceiverEditor { target = _stage.Receiver };
            inspector.OnInspectorGUI();
            StringAssert.Contains("Nothing has come to port", string.Join("\n", EditorGUILayout.Shown));
            EditorGUILayout.Shown.Clear();
            _stage.Send(Wire.Why("frozen", "held by freeze: release it (freeze 0)"));
            _stage.Draw(0.02f);
            inspector.OnInspectorGUI();
            StringAssert.Contains("held by freeze", string.Join("\n", EditorGUILayout.Shown));
            StringAssert.DoesNotContain("Nothing has come", string.Join("\n", EditorGUILayout.Shown));
            EditorGUILayout.Shown.Clear();
            _stage.Send(Wire.Why("", ""));
            _stage.Dance(0.4);
            inspector.OnInspectorGUI();
            StringAssert.DoesNotContain("held by freeze", string.Join("\n", EditorGUILayout.Shown));
            string shown = string.Join("\n", EditorGUILayout.Shown);
            StringAssert.Contains("poses/s", shown);
            StringAssert.Contains("Playing", shown);
            Assert.AreEqual(18, Handles.Lines.Count); // a line from every bone but the hips
        }

        [Test]
        public void TheMonitorListsWhatComesIn()
        {
            var window = new DanceMonitorWindow();
            Call(window, "OnEnable");
            Call(window, "Update"); // finds the scene's receiver
            _stage.Send(Wire.Copy(new Transflower.Core.OscWriter().Begin("/dance/status", "si").Add("dancing").Add(3)));
            _stage.Dance(0.3);
            EditorApplication.timeSinceStartup += 2;
            Call(window, "Update");
            Call(window, "OnGUI");
            CollectionAssert.Contains(EditorGUILayout.Shown, "/dance/pose");
            CollectionAssert.Contains(EditorGUILayout.Shown, "dancing 3");
            Assert.IsTrue(EditorGUILayout.Shown.Exists(line => line.EndsWith("316 bytes"))); // of the pose's blob
            AssemblyReloadEvents.Reload();
            Assert.IsNull(_stage.Receiver.Stream.Monitor);
            Call(window, "OnDisable");
        }

        [Test]
        public void ADanceIsRecordedToAClipOfMusclesAndKeptUntilItIsSaved()
        {
            Animator animator = _stage.MakeAvatar(1f);
            HumanoidDancer dancer = animator.gameObject.AddComponent<HumanoidDancer>();
            var inspector = new HumanoidDancerEditor { target = dancer };
            Press(inspector, "Record to AnimationClip");
            _stage.Dance(0.5);
            Press(inspector, "Stop");
            _stage.Dance(0.1);
            EditorUtility.Chosen = ""; // the user thinks better of it
            Press(inspector, "Save");
            EditorUtility.Chosen = "Assets/Dance.anim";
            Press(inspector, "Save");
            var clip = (AnimationClip)AssetDatabase.Assets["Assets/Dance.anim"];
            Assert.AreEqual(7 + HumanTrait.MuscleCount, clip.Curves.Count);
            AnimationCurve height = clip.Curves["RootT.y"];
            Assert.AreEqual(0f, height.keys[0].time);
            Assert.AreEqual(0.5f, height.keys[height.keys.Length - 1].time, 0.05f);
            Assert.IsTrue(clip.Curves.ContainsKey("LeftHand.Thumb.1 Stretched"));
            Assert.IsTrue(clip.Curves.ContainsKey("RightHand.Index.Spread"));
            Assert.IsTrue(clip.Curves.ContainsKey("Spine Front-Back"));
        }

        [Test]
        public void AndroidBuildsGetTheInternetPermissionAndOthersNothing()
        {
            PlayerSettings.Android.forceInternetPermission = false;
            var permission = (UnityEditor.Build.IPreprocessBuildWithReport)System.Activator.CreateInstance(
                typeof(DanceReceiverEditor).Assembly.GetType("Transflower.EditorTools.AndroidInternetPermission"), true);
            permission.OnPreprocessBuild(new BuildReport { summary = new BuildSummary { platform = BuildTarget.StandaloneLinux64 } });
            Assert.IsFalse(PlayerSettings.Android.forceInternetPermission);
            permission.OnPreprocessBuild(new BuildReport { summary = new BuildSummary { platform = BuildTarget.Android } });
            Assert.IsTrue(PlayerSettings.Android.forceInternetPermission);
        }

        private static void Press(HumanoidDancerEditor inspector, string button)
        {
            GUILayout.Pressed = button;
            inspector.OnInspectorGUI();
            Assert.IsNull(GUILayout.Pressed, "there is no button " + button);
        }
    }
}
