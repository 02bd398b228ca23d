using Transflower.Core;
using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>
    /// A window that lists what comes in: each address, how often, and its last arguments. It listens along with the
    /// scene's receiver while playing, and by itself otherwise.
    /// </summary>
    public sealed class DanceMonitorWindow : EditorWindow
    {
        private const double MeasureS = 1.0;

        [SerializeField] private int port = DanceReceiver.DancePort;
        [SerializeField] private bool thisMachineOnly = true;

        private MessageLog _log = new MessageLog();
        private readonly int[] _before = new int[MessageLog.MaxAddresses];
        private readonly float[] _rates = new float[MessageLog.MaxAddresses];
        private DanceStream _watched;
        private DanceSocket _socket;
        private string _problem;
        private double _measuredAt;
        private Vector2 _scroll;

        [MenuItem("Window/Transflower/Dance Monitor")]
        public static void Open() => GetWindow<DanceMonitorWindow>("Dance Monitor");

        private void OnEnable() => AssemblyReloadEvents.beforeAssemblyReload += StopListening;

        private void OnDisable()
        {
            AssemblyReloadEvents.beforeAssemblyReload -= StopListening;
            StopListening();
        }

        private void Update()
        {
            if (Application.isPlaying) WatchScene();
            double now = EditorApplication.timeSinceStartup;
            if (now - _measuredAt < MeasureS) return;
            for (int i = 0; i < _log.Count; i++)
            {
                int count = _log.NumMessages(i);
                _rates[i] = (float)((count - _before[i]) / (now - _measuredAt));
                _before[i] = count;
            }
            _measuredAt = now;
            Repaint();
        }

        private void OnGUI()
        {
            if (!Application.isPlaying) ShowPort();
            if (_problem != null) EditorGUILayout.HelpBox(_problem, MessageType.Error);
            if (_watched != null)
                EditorGUILayout.LabelField(_watched.NumDatagrams + " datagrams, " + _watched.NumRefused + " refused");
            _scroll = EditorGUILayout.BeginScrollView(_scroll);
            for (int i = 0; i < _log.Count; i++)
            {
                EditorGUILayout.BeginHorizontal();
                EditorGUILayout.LabelField(_log.Address(i), GUILayout.Width(190f));
                EditorGUILayout.LabelField(_rates[i].ToString("F0") + "/s", GUILayout.Width(50f));
                EditorGUILayout.LabelField(_log.Arguments(i));
                EditorGUILayout.EndHorizontal();
            }
            EditorGUILayout.EndScrollView();
        }

        private void ShowPort()
        {
            EditorGUILayout.BeginHorizontal();
            port = EditorGUILayout.IntField("Port", port);
            thisMachineOnly = EditorGUILayout.ToggleLeft("This machine only", thisMachineOnly);
            if (GUILayout.Button(_socket == null ? "Listen" : "Stop", GUILayout.Width(80f)))
            {
                if (_socket == null) Listen();
                else StopListening();
            }
            EditorGUILayout.EndHorizontal();
        }

        private void Listen()
        {
            Begin(new DanceStream());
            try
            {
                _socket = new DanceSocket(_watched, port, thisMachineOnly);
            }
            catch (System.InvalidOperationException error)
            {
                _problem = error.Message;
            }
        }

        private void WatchScene()
        {
            if (_socket != null) StopListening(); // the scene's receiver wants the port
            DanceReceiver receiver = FindReceiver();
            DanceStream stream = receiver != null ? receiver.Stream : null;
            if (stream != null && stream != _watched) Begin(stream);
        }

        private static DanceReceiver FindReceiver()
        {
#if UNITY_2023_1_OR_NEWER
            return FindAnyObjectByType<DanceReceiver>();
#else
            return FindObjectOfType<DanceReceiver>();
#endif
        }

        private void Begin(DanceStream stream)
        {
            if (_watched != null) _watched.Monitor = null;
            _log = new MessageLog();
            System.Array.Clear(_before, 0, _before.Length);
            _watched = stream;
            _watched.Monitor = _log;
            _problem = null;
        }

        private void StopListening()
        {
            if (_watched != null) _watched.Monitor = null;
            _watched = null;
            _socket?.Dispose();
            _socket = null;
        }
    }
}
