using Transflower.Core;
using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>
    /// The inspector of a receiver: its settings, and while it runs the live dancer and what the stream is like.
    /// </summary>
    [CustomEditor(typeof(DanceReceiver))]
    public sealed class DanceReceiverEditor : Editor
    {
        private const float ViewHeight = 180f;
        private readonly SkeletonView _view = new SkeletonView();

        public override bool RequiresConstantRepaint() => Application.isPlaying;

        public override void OnInspectorGUI()
        {
            var receiver = (DanceReceiver)target;
            int port = receiver.Port;
            StreamProtocol protocol = receiver.Protocol;
            bool thisMachineOnly = receiver.ThisMachineOnly;
            DrawDefaultInspector();
            bool isOther = port != receiver.Port || protocol != receiver.Protocol
                || thisMachineOnly != receiver.ThisMachineOnly;
            if (isOther && Application.isPlaying) receiver.Restart();
            if (receiver.Protocol == StreamProtocol.Vmc && receiver.Port == DanceReceiver.DancePort)
                EditorGUILayout.HelpBox("VMC is usually sent to port " + DanceReceiver.VmcPort + ".", MessageType.Info);
            if (!Application.runInBackground)
                EditorGUILayout.HelpBox(
                    "Run In Background is off in the Player settings: a build stands still behind another window.",
                    MessageType.Info);
            if (!Application.isPlaying)
            {
                EditorGUILayout.HelpBox("Press Play to see the dancer here.", MessageType.None);
                return;
            }
            if (receiver.Problem != null) EditorGUILayout.HelpBox(receiver.Problem, MessageType.Error);
            string why = receiver.Why;
            if (why.Length > 0) EditorGUILayout.HelpBox(why, MessageType.Info);
            if (!receiver.HasPose)
            {
                if (why.Length > 0) return; // a bridge is there, and has said all
                EditorGUILayout.HelpBox(
                    "Nothing has come to port " + receiver.Port + " yet. Start the bridge: transflower demo, or "
                    + "transflower perform --target dance:ADDRESS:" + receiver.Port
                    + " with the address of this machine."
                    + (receiver.ThisMachineOnly ? " Other machines are not heard: This Machine Only is on." : ""),
                    MessageType.Info);
                return;
            }
            Show(receiver);
        }

        private void Show(DanceReceiver receiver)
        {
            if (receiver.TryGetPose(out PoseFrame pose) && receiver.Skeleton != null)
            {
                Rect place = GUILayoutUtility.GetRect(0f, ViewHeight, GUILayout.ExpandWidth(true));
                _view.Draw(place, pose, receiver.Skeleton);
            }
            DanceStream stream = receiver.Stream;
            StreamStatistics statistics = stream.Playout.Statistics;
            BridgeUpdate latest = receiver.Latest;
            EditorGUILayout.LabelField("State", (latest.Status ?? "VMC") + ", " + stream.Playout.State);
            string whole = receiver.LatencyMs.ToString("F0"), here = stream.Playout.DelayMs.ToString("F0");
            EditorGUILayout.LabelField("Latency", whole + " ms, of it here " + here + " ms");
            EditorGUILayout.LabelField("Rate", statistics.RateHz.ToString("F1") + " poses/s");
            EditorGUILayout.LabelField("Jitter", statistics.JitterMs.ToString("F1") + " ms");
            string ofLate = (100.0 * statistics.LossShare).ToString("F1");
            EditorGUILayout.LabelField("Lost", statistics.NumLost + ", of late " + ofLate + " %");
            EditorGUILayout.LabelField(
                "Overtaken, doubled, too late",
                statistics.NumReordered + ", " + statistics.NumDuplicates + ", " + statistics.NumTooLate);
            EditorGUILayout.LabelField(
                "Torn, refused",
                stream.NumIncomplete + ", " + stream.NumRefused + " of " + stream.NumDatagrams + " datagrams");
            EditorGUILayout.LabelField("Beat", latest.Bpm.ToString("F1") + " bpm, " + (latest.Clock ?? "no clock"));
        }
    }
}
