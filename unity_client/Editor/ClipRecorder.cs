using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>
    /// Records what an avatar does as Unity's muscles, which play on every humanoid; a clip of bone rotations would
    /// not,
    /// since a humanoid Animator passes over them.
    /// </summary>
    public sealed class ClipRecorder : System.IDisposable
    {
        private static readonly string[] BodyProperties =
            { "RootT.x", "RootT.y", "RootT.z", "RootQ.x", "RootQ.y", "RootQ.z", "RootQ.w" };

        private readonly HumanPoseHandler _handler;
        private readonly List<float> _times = new List<float>();
        private readonly List<float[]> _rows = new List<float[]>();
        private HumanPose _pose;
        private Quaternion _lastRotation = Quaternion.identity;

        public ClipRecorder(Animator animator)
        {
            _handler = new HumanPoseHandler(animator.avatar, animator.transform);
        }

        /// <summary>Pictures that were recorded.</summary>
        public int Count => _times.Count;

        /// <summary>Seconds from the first picture to the last.</summary>
        public float LengthS => _times.Count > 0 ? _times[_times.Count - 1] - _times[0] : 0f;

        public void Dispose() => _handler.Dispose();

        /// <summary>Takes down the avatar as it is at this moment, in seconds of any clock.</summary>
        public void Record(float timeS)
        {
            if (_times.Count > 0 && timeS <= _times[_times.Count - 1]) return;
            _handler.GetHumanPose(ref _pose);
            Quaternion rotation = _pose.bodyRotation;
            if (Quaternion.Dot(rotation, _lastRotation) < 0f) // curves must not jump to the other sign
                rotation = new Quaternion(-rotation.x, -rotation.y, -rotation.z, -rotation.w);
            _lastRotation = rotation;
            var row = new float[BodyProperties.Length + _pose.muscles.Length];
            row[0] = _pose.bodyPosition.x;
            row[1] = _pose.bodyPosition.y;
            row[2] = _pose.bodyPosition.z;
            row[3] = rotation.x;
            row[4] = rotation.y;
            row[5] = rotation.z;
            row[6] = rotation.w;
            System.Array.Copy(_pose.muscles, 0, row, BodyProperties.Length, _pose.muscles.Length);
            _times.Add(timeS);
            _rows.Add(row);
        }

        /// <summary>A clip of what was recorded, from time 0.</summary>
        public AnimationClip ToClip(float frameRate)
        {
            var clip = new AnimationClip { frameRate = frameRate };
            int numCurves = _rows.Count > 0 ? _rows[0].Length : 0;
            for (int curve = 0; curve < numCurves; curve++)
            {
                var keys = new Keyframe[_rows.Count];
                for (int i = 0; i < keys.Length; i++) keys[i] = new Keyframe(_times[i] - _times[0], _rows[i][curve]);
                var made = new AnimationCurve(keys);
                for (int i = 0; i < keys.Length; i++)
                {
                    AnimationUtility.SetKeyLeftTangentMode(made, i, AnimationUtility.TangentMode.Linear);
                    AnimationUtility.SetKeyRightTangentMode(made, i, AnimationUtility.TangentMode.Linear);
                }
                string property = curve < BodyProperties.Length
                    ? BodyProperties[curve]
                    : PropertyOf(HumanTrait.MuscleName[curve - BodyProperties.Length]);
                EditorCurveBinding binding = EditorCurveBinding.FloatCurve("", typeof(Animator), property);
                AnimationUtility.SetEditorCurve(clip, binding, made);
            }
            return clip;
        }

        /// <summary>
        /// What a clip calls a muscle: "Left Index 1 Stretched" is "LeftHand.Index.1 Stretched" there.
        /// </summary>
        public static string PropertyOf(string muscle)
        {
            foreach (string side in new[] { "Left", "Right" })
            {
                foreach (string finger in new[] { "Thumb", "Index", "Middle", "Ring", "Little" })
                {
                    string start = side + " " + finger + " ";
                    if (muscle.StartsWith(start)) return side + "Hand." + finger + "." + muscle.Substring(start.Length);
                }
            }
            return muscle;
        }
    }
}
