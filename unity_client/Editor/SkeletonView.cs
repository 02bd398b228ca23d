using Transflower.Core;
using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>Draws the dancer as sticks into a rectangle of the editor, seen from the front.</summary>
    internal sealed class SkeletonView
    {
        private static readonly Color Left = new Color(0.95f, 0.45f, 0.35f), Right = new Color(0.35f, 0.6f, 0.95f);
        private static readonly Color Middle = new Color(0.85f, 0.85f, 0.85f), Ground = new Color(0f, 0f, 0f, 0.25f);
        private readonly Vec3[] _positions = new Vec3[HumanBones.Count];
        private readonly Quat[] _turns = new Quat[HumanBones.Count];
        private readonly Vector3[] _line = new Vector3[2];

        /// <summary>Draws a pose; its hips are in the middle of the rectangle.</summary>
        public void Draw(Rect place, PoseFrame pose, StreamSkeleton skeleton)
        {
            EditorGUI.DrawRect(place, Ground);
            skeleton.Place(pose, _positions, _turns);
            float height = Mathf.Max(0.2f, 2.2f * (skeleton.LegLength > 0f ? skeleton.LegLength : 0.8f));
            float scale = place.height / height;
            Handles.BeginGUI();
            for (int bone = 1; bone < HumanBones.Count; bone++)
            {
                if (!skeleton.Has(bone)) continue;
                int parent = skeleton.ParentOf(bone);
                if (parent < 0) continue;
                string name = HumanBones.Names[bone];
                Handles.color = name.StartsWith("Left") ? Left : name.StartsWith("Right") ? Right : Middle;
                _line[0] = Project(_positions[parent], pose.HipsPosition, place, scale);
                _line[1] = Project(_positions[bone], pose.HipsPosition, place, scale);
                Handles.DrawAAPolyLine(3f, _line);
            }
            Handles.EndGUI();
        }

        /// <summary>The figure faces the viewer, so its left is on the right.</summary>
        private static Vector3 Project(Vec3 point, Vec3 hips, Rect place, float scale) => new Vector3(
            place.x + place.width * 0.5f - (point.X - hips.X) * scale,
            place.y + place.height - 4f - point.Y * scale,
            0f);
    }
}
