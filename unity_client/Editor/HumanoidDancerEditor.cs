using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>
    /// The inspector of a dancer: its settings, and a button that records the dance to an AnimationClip.
    /// </summary>
    [CustomEditor(typeof(HumanoidDancer))]
    public sealed class HumanoidDancerEditor : Editor
    {
        private const float FrameRate = 60f;
        private ClipRecorder _recorder;
        private bool _isRecording;

        public override bool RequiresConstantRepaint() => _isRecording;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            var dancer = (HumanoidDancer)target;
            var animator = dancer.GetComponent<Animator>();
            bool isHuman = animator != null && animator.avatar != null && animator.avatar.isHuman;
            if (!isHuman)
                EditorGUILayout.HelpBox(
                    "No humanoid avatar: set Rig > Animation Type to Humanoid in the model's import settings.",
                    MessageType.Warning);
            if (!Application.isPlaying || !isHuman) return;
            EditorGUILayout.LabelField("Size in the dancer's", dancer.Scale.ToString("F2"));
            if (_recorder == null)
            {
                if (GUILayout.Button("Record to AnimationClip")) Begin(animator);
                return;
            }
            string length = _recorder.LengthS.ToString("F1");
            EditorGUILayout.LabelField("Recorded", length + " s, " + _recorder.Count + " pictures");
            if (_isRecording && GUILayout.Button("Stop")) Stop();
            if (_isRecording) return;
            if (GUILayout.Button("Save")) Save();
            if (GUILayout.Button("Discard")) Discard();
        }

        private void OnDisable() => Discard();

        private void Begin(Animator animator)
        {
            _recorder = new ClipRecorder(animator);
            _isRecording = true;
            Application.onBeforeRender += RecordPicture; // after every LateUpdate
        }

        private void RecordPicture() => _recorder.Record(Time.unscaledTime);

        private void Stop()
        {
            Application.onBeforeRender -= RecordPicture;
            _isRecording = false;
        }

        private void Save()
        {
            string path = EditorUtility.SaveFilePanelInProject("Save the dance", "Dance", "anim", "Where it goes.");
            if (string.IsNullOrEmpty(path)) return; // what was recorded stays
            AnimationClip clip = _recorder.ToClip(FrameRate);
            AssetDatabase.CreateAsset(clip, path);
            AssetDatabase.SaveAssets();
            EditorGUIUtility.PingObject(clip);
            Discard();
        }

        private void Discard()
        {
            Stop();
            _recorder?.Dispose();
            _recorder = null;
        }
    }
}
