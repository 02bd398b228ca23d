using UnityEngine;

namespace Transflower.Samples
{
    /// <summary>
    /// A stage for a headset: a dancer in front of the viewer, a panel on the left wrist, and the right fingertip or
    /// controller that presses its buttons. It asks nothing of an interaction toolkit; the hands are any transforms
    /// that
    /// OpenXR moves, such as those of an XR Origin.
    /// </summary>
    public sealed class VRStage : MonoBehaviour
    {
        [Tooltip("The humanoid avatar that dances.")]
        [SerializeField] private Animator avatar = null;

        [Tooltip("The panel hangs on this: the left controller or hand.")]
        [SerializeField] private Transform leftHand = null;

        [Tooltip("Presses the panel's buttons: the right controller or fingertip.")]
        [SerializeField] private Transform rightHand = null;

        [Tooltip("The machine on which the bridge runs, as seen from the headset.")]
        [SerializeField] private string bridgeAddress = "192.168.1.10";

        private void Start()
        {
            DanceControl control = gameObject.AddComponent<DanceControl>();
            control.Host = bridgeAddress;
            DanceReceiver receiver = gameObject.AddComponent<DanceReceiver>();
            receiver.Control = control;
            receiver.ThisMachineOnly = false; // the bridge runs on another one
            gameObject.AddComponent<BeatEvents>().Receiver = receiver;
            if (avatar != null && avatar.GetComponent<HumanoidDancer>() == null)
                avatar.gameObject.AddComponent<HumanoidDancer>().Receiver = receiver;

            var panel = new GameObject("Stage Panel");
            panel.transform.SetParent(leftHand, false);
            panel.transform.localPosition = new Vector3(0f, 0.08f, 0f);
            panel.transform.localScale = new Vector3(0.6f, 0.6f, 0.6f);
            StagePanel shown = panel.AddComponent<StagePanel>();
            shown.Receiver = receiver;
            shown.Control = control;
            shown.Pointers = new[] { rightHand };
        }
    }
}
