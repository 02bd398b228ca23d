using UnityEngine;

namespace Transflower.Samples
{
    /// <summary>
    /// The shortest way to a dancing avatar: put this on a humanoid model in a scene, press Play, start `transflower
    /// demo`
    /// on the same machine. It adds what is missing, and a lamp that flashes on the beat if one is set.
    /// </summary>
    public sealed class BasicAvatar : MonoBehaviour
    {
        [Tooltip("A light that flashes on the beat; may be left empty.")]
        [SerializeField] private Light lamp = null;

        private const float FadePerSecond = 6f;
        private float _brightness;

        private void Awake()
        {
            var stage = new GameObject("Dance Receiver");
            DanceControl control = stage.AddComponent<DanceControl>();
            DanceReceiver receiver = stage.AddComponent<DanceReceiver>();
            receiver.Control = control;
            BeatEvents beat = stage.AddComponent<BeatEvents>();
            beat.Receiver = receiver;
            beat.OnBeat.AddListener(number => _brightness = number % beat.BeatsPerBar == 0 ? 2f : 1f);
            if (GetComponent<HumanoidDancer>() == null) gameObject.AddComponent<HumanoidDancer>().Receiver = receiver;
        }

        private void Update()
        {
            _brightness = Mathf.MoveTowards(_brightness, 0.2f, FadePerSecond * Time.deltaTime);
            if (lamp != null) lamp.intensity = _brightness;
        }
    }
}
