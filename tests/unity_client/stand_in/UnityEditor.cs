// A stand-in for the parts of UnityEditor that the package uses.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace UnityEngine
{
    public sealed class GUILayoutOption
    {
    }

    public static class GUILayout
    {
        /// <summary>The button that is pressed next, for tests.</summary>
        public static string Pressed;

        public static bool Button(string text, params GUILayoutOption[] options)
        {
            if (Pressed != text) return false;
            Pressed = null;
            return true;
        }

        public static GUILayoutOption Width(float width) => null;

        public static GUILayoutOption ExpandWidth(bool expand) => null;
    }

    public static class GUILayoutUtility
    {
        public static Rect GetRect(float width, float height, params GUILayoutOption[] options) => new Rect(0f, 0f, 300f, height);
    }

    public struct Keyframe
    {
        public float time, value;

        public Keyframe(float time, float value)
        {
            this.time = time;
            this.value = value;
        }
    }

    public sealed class AnimationCurve
    {
        public AnimationCurve(params Keyframe[] keys)
        {
            this.keys = keys;
        }

        public Keyframe[] keys { get; }
    }

    public sealed class AnimationClip : Object
    {
        /// <summary>Curves by property, for tests.</summary>
        public readonly Dictionary<string, AnimationCurve> Curves = new Dictionary<string, AnimationCurve>();

        public float frameRate { get; set; }
    }
}

namespace UnityEditor
{
    public sealed class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType)
        {
        }
    }

    public class Editor : UnityEngine.Object
    {
        public UnityEngine.Object target { get; set; }

        public virtual bool RequiresConstantRepaint() => false;

        public virtual void OnInspectorGUI()
        {
        }

        public bool DrawDefaultInspector() => false;
    }

    public class EditorWindow : UnityEngine.Object
    {
        public static T GetWindow<T>(string title) where T : EditorWindow, new() => new T();

        public void Repaint()
        {
        }
    }

    public enum MessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public static class EditorGUI
    {
        public static void DrawRect(Rect rect, Color color)
        {
        }
    }

    public static class EditorGUILayout
    {
        /// <summary>What was shown since a test cleared it.</summary>
        public static readonly List<string> Shown = new List<string>();

        public static void HelpBox(string message, MessageType type) => Shown.Add(type + ": " + message);

        public static void LabelField(string label, params GUILayoutOption[] options) => Shown.Add(label);

        public static void LabelField(string label, string label2, params GUILayoutOption[] options) => Shown.Add(label + ": " + label2);

        public static int IntField(string label, int value, params GUILayoutOption[] options) => value;

        public static bool ToggleLeft(string label, bool value, params GUILayoutOption[] options) => value;

        public static Rect BeginHorizontal(params GUILayoutOption[] options) => default(Rect);

        public static void EndHorizontal()
        {
        }

        public static Vector2 BeginScrollView(Vector2 scrollPosition, params GUILayoutOption[] options) => scrollPosition;

        public static void EndScrollView()
        {
        }
    }

    public static class Handles
    {
        /// <summary>Lines drawn since a test cleared it.</summary>
        public static readonly List<Vector3[]> Lines = new List<Vector3[]>();

        public static Color color { get; set; }

        public static void BeginGUI()
        {
        }

        public static void EndGUI()
        {
        }

        public static void DrawAAPolyLine(float width, params Vector3[] points) => Lines.Add((Vector3[])points.Clone());
    }

    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName)
        {
        }

        public MenuItem(string itemName, bool isValidateFunction, int priority)
        {
        }
    }

    public sealed class MenuCommand
    {
        public UnityEngine.Object context;
    }

    public static class GameObjectUtility
    {
        public static void SetParentAndAlign(GameObject child, GameObject parent)
        {
        }
    }

    public static class Undo
    {
        public static void RegisterCreatedObjectUndo(UnityEngine.Object objectToUndo, string name)
        {
        }
    }

    public static class Selection
    {
        public static UnityEngine.Object activeObject { get; set; }
    }

    public static class EditorApplication
    {
        public static double timeSinceStartup { get; set; }
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        public static void Reload()
        {
            if (beforeAssemblyReload != null) beforeAssemblyReload();
        }
    }

    public static class EditorUtility
    {
        /// <summary>What the user chooses next, for tests.</summary>
        public static string Chosen = "";

        public static string SaveFilePanelInProject(string title, string defaultName, string extension, string message) => Chosen;
    }

    public static class EditorGUIUtility
    {
        public static void PingObject(UnityEngine.Object obj)
        {
        }
    }

    public static class AssetDatabase
    {
        public static readonly Dictionary<string, UnityEngine.Object> Assets = new Dictionary<string, UnityEngine.Object>();

        public static void CreateAsset(UnityEngine.Object asset, string path) => Assets[path] = asset;

        public static void SaveAssets()
        {
        }
    }

    public struct EditorCurveBinding
    {
        public string path;
        public string propertyName;

        public static EditorCurveBinding FloatCurve(string inPath, Type inType, string inPropertyName) =>
            new EditorCurveBinding { path = inPath, propertyName = inPropertyName };
    }

    public static class AnimationUtility
    {
        public enum TangentMode
        {
            Free,
            Auto,
            Linear,
            Constant,
            ClampedAuto,
        }

        public static void SetEditorCurve(AnimationClip clip, EditorCurveBinding binding, AnimationCurve curve) =>
            clip.Curves[binding.propertyName] = curve;

        public static void SetKeyLeftTangentMode(AnimationCurve curve, int index, TangentMode tangentMode)
        {
        }

        public static void SetKeyRightTangentMode(AnimationCurve curve, int index, TangentMode tangentMode)
        {
        }
    }

    public enum BuildTarget
    {
        StandaloneLinux64 = 24,
        Android = 13,
    }

    public static class PlayerSettings
    {
        public static class Android
        {
            public static bool forceInternetPermission { get; set; }
        }
    }
}

namespace UnityEditor.Build
{
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    public interface IPreprocessBuildWithReport : IOrderedCallback
    {
        void OnPreprocessBuild(Reporting.BuildReport report);
    }
}

namespace UnityEditor.Build.Reporting
{
    public struct BuildSummary
    {
        public BuildTarget platform { get; set; }
    }

    public sealed class BuildReport : UnityEngine.Object
    {
        public BuildSummary summary { get; set; }
    }
}
