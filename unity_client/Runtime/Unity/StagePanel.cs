using System.Text;
using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// A small panel to wear on a wrist or stand in the room: latency, rate, loss, beat, buttons to freeze the dance and
    /// to end it, and below them why nobody dances. It makes its own objects, from what the engine has built in.
    /// </summary>
    [AddComponentMenu("Transflower/Stage Panel")]
    public sealed class StagePanel : MonoBehaviour
    {
        [Tooltip("Where the dance comes from; any one of the scene, if none is set.")]
        [SerializeField] private DanceReceiver receiver;

        [Tooltip("The way to the bridge, for the buttons; any one of the scene, if none is set.")]
        [SerializeField] private DanceControl control;

        [Tooltip("For the beat; any one of the scene, if none is set.")]
        [SerializeField] private BeatEvents beat;

        [Tooltip("Fingertips or controllers that press the buttons.")]
        [SerializeField] private Transform[] pointers = new Transform[0];

        private const float RefreshS = 0.25f;
        private const int LineLength = 36; // letters; what is longer goes on in the next line
        private const float BeatGlow = 0.25f; // part of a beat
        private static readonly Color Calm = new Color(0.12f, 0.13f, 0.16f), Bright = new Color(0.95f, 0.45f, 0.35f);
#if UNITY_2022_2_OR_NEWER
        private const string FontName = "LegacyRuntime.ttf";
#else
        private const string FontName = "Arial.ttf";
#endif
        private readonly StringBuilder _text = new StringBuilder(256);
        private TextMesh _label, _why, _freezeLabel;
        private string _whyShown = "";
        private Renderer _lamp;
        private PokeButton _freeze, _panic;
        private MaterialPropertyBlock _colour;
        private float _nextRefresh;
        private static readonly int ColorId = Shader.PropertyToID("_Color");
        private static readonly int BaseColorId = Shader.PropertyToID("_BaseColor");

        /// <summary>Whether the freeze button has been pressed.</summary>
        public bool IsFrozen { get; private set; }

        /// <summary>What the panel says.</summary>
        public string Text => _label != null ? _label.text : "";

        /// <summary>Why nobody dances, as the panel says it; empty while somebody does.</summary>
        public string Why => _why != null ? _why.text : "";

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        public DanceControl Control
        {
            get => control;
            set => control = value;
        }

        public BeatEvents Beat
        {
            get => beat;
            set => beat = value;
        }

        public Transform[] Pointers
        {
            get => pointers;
            set
            {
                pointers = value;
                if (_freeze == null) return;
                _freeze.Pointers = _panic.Pointers = pointers;
            }
        }

        /// <summary>Freezes the dance, or lets it go on.</summary>
        public void ToggleFreeze()
        {
            IsFrozen = !IsFrozen;
            if (control != null) control.SetFreeze(IsFrozen);
            if (_freezeLabel != null) _freezeLabel.text = IsFrozen ? "Go on" : "Freeze";
        }

        /// <summary>Ends the dance as fast as looks human.</summary>
        public void Panic()
        {
            if (control != null) control.Panic();
        }

        private void Awake()
        {
            _colour = new MaterialPropertyBlock();
            _label = MakeText("Text", transform, new Vector3(-0.14f, 0.09f, 0f), 0.007f, TextAnchor.UpperLeft);
            _why = MakeText("Why", transform, new Vector3(-0.14f, -0.105f, 0f), 0.007f, TextAnchor.UpperLeft);
            GameObject lamp = GameObject.CreatePrimitive(PrimitiveType.Quad);
            lamp.name = "Beat";
            lamp.transform.SetParent(transform, false);
            lamp.transform.localPosition = new Vector3(0.12f, 0.07f, 0f);
            lamp.transform.localScale = new Vector3(0.03f, 0.03f, 1f);
            Destroy(lamp.GetComponent<Collider>());
            _lamp = lamp.GetComponent<Renderer>();
            _freeze = MakeButton("Freeze", new Vector3(-0.075f, -0.07f, 0f), out _freezeLabel);
            _panic = MakeButton("Panic", new Vector3(0.075f, -0.07f, 0f), out TextMesh _);
            _freeze.OnPressed.AddListener(ToggleFreeze);
            _panic.OnPressed.AddListener(Panic);
        }

        private void Start()
        {
            if (receiver == null) receiver = SceneSearch.Any<DanceReceiver>();
            if (control == null) control = SceneSearch.Any<DanceControl>();
            if (beat == null) beat = SceneSearch.Any<BeatEvents>();
        }

        private void LateUpdate()
        {
            float glow = beat != null && beat.Bpm > 0f ? 1f - Mathf.Clamp01(beat.Phase / BeatGlow) : 0f;
            Colour(_lamp, Color.Lerp(Calm, Bright, glow));
            if (Time.unscaledTime < _nextRefresh) return;
            _nextRefresh = Time.unscaledTime + RefreshS;
            _label.text = Describe();
            string why = receiver != null ? receiver.Why : "";
            if (why == _whyShown) return;
            _whyShown = why;
            _why.text = InLines(why);
        }

        /// <summary>A line as several of at most so many letters, broken between words.</summary>
        private string InLines(string line)
        {
            _text.Length = 0;
            int column = 0;
            foreach (string word in line.Split(' '))
            {
                if (column > 0 && column + 1 + word.Length > LineLength)
                {
                    _text.Append('\n');
                    column = 0;
                }
                else if (column > 0)
                {
                    _text.Append(' ');
                    column++;
                }
                _text.Append(word);
                column += word.Length;
            }
            return _text.ToString();
        }

        private string Describe()
        {
            if (receiver == null) return "no Dance Receiver";
            if (receiver.Problem != null) return "port " + receiver.Port + " is not open";
            if (!receiver.HasPose)
            {
                if (receiver.Why.Length > 0) return "port " + receiver.Port + ": a bridge, but no pose yet";
                string heard = receiver.ThisMachineOnly ? ",\nand only this machine is heard" : "";
                return "port " + receiver.Port + ": nothing yet" + heard;
            }
            PlayoutBuffer playout = receiver.Stream.Playout;
            StreamStatistics statistics = playout.Statistics;
            BridgeUpdate latest = receiver.Latest;
            _text.Length = 0;
            string waits = playout.State == PlayoutState.Holding ? ", waiting" : "";
            _text.Append(latest.Status ?? "VMC").Append(waits).Append('\n');
            _text.Append("latency ").Append(Mathf.RoundToInt(receiver.LatencyMs)).Append(" ms, of it here ");
            _text.Append(Mathf.RoundToInt((float)playout.DelayMs)).Append(" ms\n");
            _text.Append(Mathf.RoundToInt((float)statistics.RateHz)).Append(" poses/s, ");
            _text.Append(Mathf.RoundToInt((float)(100.0 * statistics.LossShare))).Append(" % lost, jitter ");
            _text.Append(Mathf.RoundToInt((float)statistics.JitterMs)).Append(" ms\n");
            _text.Append(Mathf.RoundToInt(latest.Bpm)).Append(" bpm ").Append(latest.Clock);
            if (control != null && !control.IsAnswered) _text.Append("\nthe bridge does not answer");
            return _text.ToString();
        }

        private PokeButton MakeButton(string name, Vector3 place, out TextMesh label)
        {
            GameObject made = GameObject.CreatePrimitive(PrimitiveType.Cube); // brings a BoxCollider
            made.name = name;
            made.transform.SetParent(transform, false);
            made.transform.localPosition = place;
            made.transform.localScale = new Vector3(0.13f, 0.05f, 0.02f);
            Colour(made.GetComponent<Renderer>(), Calm);
            label = MakeText("Label", transform, place + new Vector3(0f, 0f, -0.012f), 0.007f, TextAnchor.MiddleCenter);
            label.text = name;
            PokeButton button = made.AddComponent<PokeButton>();
            button.Pointers = pointers;
            return button;
        }

        private static TextMesh MakeText(string name, Transform parent, Vector3 place, float size, TextAnchor anchor)
        {
            var made = new GameObject(name);
            made.transform.SetParent(parent, false);
            made.transform.localPosition = place;
            TextMesh text = made.AddComponent<TextMesh>(); // brings a MeshRenderer, but neither font nor material
            text.font = Resources.GetBuiltinResource<Font>(FontName);
            text.GetComponent<MeshRenderer>().sharedMaterial = text.font.material;
            text.characterSize = size;
            text.fontSize = 32;
            text.anchor = anchor;
            text.color = Color.white;
            return text;
        }

        private void Colour(Renderer renderer, Color colour)
        {
            _colour.SetColor(ColorId, colour);     // the built-in pipeline
            _colour.SetColor(BaseColorId, colour); // the universal one
            renderer.SetPropertyBlock(_colour);
        }
    }
}
