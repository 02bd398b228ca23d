using UnityEngine;

namespace Transflower.Samples
{
    /// <summary>
    /// A row of avatars that dance to one receiver, each a little out of place so that no two stand in each other. Put
    /// the
    /// avatars into the list; they may be of any size and any rig.
    /// </summary>
    public sealed class SeveralDancers : MonoBehaviour
    {
        [Tooltip("Humanoid avatars in the scene.")]
        [SerializeField] private Animator[] avatars = new Animator[0];

        [Tooltip("Metres between two of them.")]
        [SerializeField] private float distance = 1.5f;

        private void Start()
        {
            DanceReceiver receiver = gameObject.AddComponent<DanceReceiver>();
            for (int i = 0; i < avatars.Length; i++)
            {
                float aside = (i - 0.5f * (avatars.Length - 1)) * distance;
                avatars[i].transform.position = transform.position + new Vector3(aside, 0f, 0f);
                HumanoidDancer dancer = avatars[i].GetComponent<HumanoidDancer>();
                if (dancer == null) dancer = avatars[i].gameObject.AddComponent<HumanoidDancer>();
                dancer.Receiver = receiver;
                dancer.TravelMode = HumanoidDancer.Travel.OnTheSpot;
            }
        }
    }
}
