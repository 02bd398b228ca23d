using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// Makes a humanoid avatar dance. It moves the bones after the Animator and before spring bones (UniVRM's run at
    /// 11000), so hair and skirts follow the dance.
    /// </summary>
    [DefaultExecutionOrder(9000)]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(Animator))]
    [AddComponentMenu("Transflower/Humanoid Dancer")]
    public sealed class HumanoidDancer : MonoBehaviour
    {
        /// <summary>How the avatar is moved.</summary>
        public enum DriveMode
        {
            /// <summary>Bones turn in the world as the dancer's do: exact, and the quickest.</summary>
            Bones = 0,

            /// <summary>
            /// By Unity's muscles, which keep to the avatar's limits; for rigs without a proper T-pose.
            /// </summary>
            Muscles = 1,
        }

        /// <summary>Which of the dancer's ways over the floor are taken.</summary>
        public enum Travel
        {
            Everywhere = 0,
            OnTheSpot = 1,
        }

        [Tooltip("Where the dance comes from; any one of the scene, if none is set.")]
        [SerializeField] private DanceReceiver receiver;

        [SerializeField] private DriveMode mode = DriveMode.Bones;
        [SerializeField] private Travel travel = Travel.Everywhere;

        [Tooltip("0 leaves the avatar to its Animator, 1 gives it to the dance.")]
        [Range(0f, 1f)]
        [SerializeField] private float weight = 1f;

        [Tooltip("Lifts the figure, for thick soles and floors that are not at the avatar's height; metres.")]
        [Range(-0.5f, 0.5f)]
        [SerializeField] private float floorOffset;

        [Tooltip("Feet that carry the body stay where they are. Only by bones.")]
        [SerializeField] private bool footLock = true;

        [Tooltip("After so many seconds without poses the avatar goes back to its Animator; 0 holds the last pose.")]
        [SerializeField] private float giveBackAfterS;

        private const float EaseS = 1f; // from the Animator into the dance, and back
        private readonly Transform[] _bones = new Transform[HumanBones.Count];
        private readonly Quat[] _locals = new Quat[HumanBones.Count];
        private readonly FootLock _footLock = new FootLock();
        private Animator _animator;
        private Avatar _avatarRead;
        private Retargeter _retargeter;
        private MuscleDriver _muscles;
        private float _share; // of the dance: falls when it is given back
        private bool _hasComplained;

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        public DriveMode Mode
        {
            get => mode;
            set => mode = value;
        }

        public Travel TravelMode
        {
            get => travel;
            set => travel = value;
        }

        public float Weight
        {
            get => weight;
            set => weight = Mathf.Clamp01(value);
        }

        public float FloorOffset
        {
            get => floorOffset;
            set => floorOffset = value;
        }

        public bool LocksFeet
        {
            get => footLock;
            set => footLock = value;
        }

        public float GiveBackAfterS
        {
            get => giveBackAfterS;
            set => giveBackAfterS = value;
        }

        /// <summary>The avatar's size in that of the dancer; 1 before it is known.</summary>
        public float Scale => _retargeter != null && receiver != null ? _retargeter.ScaleFor(receiver.Skeleton) : 1f;

        /// <summary>
        /// Reads the avatar again; call it after the bones were rebuilt. A new Avatar is noticed by itself.
        /// </summary>
        public void Rebind()
        {
            _avatarRead = null;
            _retargeter = null;
            _muscles?.Dispose();
            _muscles = null;
            _footLock.Reset();
        }

        private void Awake() => _animator = GetComponent<Animator>();

        private void Start()
        {
            if (receiver == null) receiver = SceneSearch.Any<DanceReceiver>();
            if (receiver == null)
                Debug.LogWarning("This avatar hears no dance: add a Dance Receiver to the scene.", this);
        }

        private void OnDisable() => _footLock.Reset();

        private void OnDestroy() => Rebind();

        private void LateUpdate()
        {
            if (receiver == null || !receiver.TryGetPose(out PoseFrame pose) || !ReadAvatar()) return;
            bool isLost = giveBackAfterS > 0f && receiver.SilenceS > giveBackAfterS;
            _share = Mathf.MoveTowards(_share, isLost ? 0f : 1f, Time.unscaledDeltaTime / EaseS);
            float share = weight * _share;
            if (share <= 0f) return;
            if (mode == DriveMode.Muscles) DriveMuscles(pose, share);
            else DriveBones(pose, share);
        }

        private bool ReadAvatar()
        {
            Avatar avatar = _animator.avatar;
            if (avatar != null && avatar == _avatarRead) return true;
            if (avatar == null || !avatar.isValid || !avatar.isHuman)
                return Complain("No humanoid avatar: set the model's rig to Humanoid in its import settings.");
            if (_animator.GetBoneTransform(HumanBodyBones.Hips) == null)
                return Complain("Bones are hidden: switch Optimize Game Objects off in the model's import settings.");
            Rebind();
            _retargeter = new Retargeter(AvatarRestReader.Read(_animator, _bones));
            _avatarRead = avatar;
            return true;
        }

        /// <summary>Says once what is wrong.</summary>
        private bool Complain(string problem)
        {
            if (!_hasComplained) Debug.LogWarning(problem, this);
            _hasComplained = true;
            return false;
        }

        private void DriveBones(PoseFrame pose, float share)
        {
            StreamSkeleton skeleton = receiver.Skeleton;
            Vec3 hips = _retargeter.HipsPosition(pose, skeleton);
            if (travel == Travel.OnTheSpot) hips.X = hips.Z = 0f;
            _retargeter.Turn(pose);
            if (footLock && travel == Travel.Everywhere)
            {
                _retargeter.Place(hips);
                _footLock.Apply(_retargeter, pose, skeleton, Time.unscaledDeltaTime);
            }
            _retargeter.Locals(_locals);
            hips.Y += floorOffset;
            Vector3 place = transform.TransformPoint(hips.ToUnity());
            Transform hipsBone = _bones[HumanBones.Hips];
            hipsBone.position = share >= 1f ? place : Vector3.Lerp(hipsBone.position, place, share);
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                Transform moved = _bones[bone];
                if (moved == null || !IsDanced(pose, bone)) continue;
                Quaternion rotation = _locals[bone].ToUnity();
                moved.localRotation = share >= 1f ? rotation : Quaternion.Slerp(moved.localRotation, rotation, share);
            }
        }

        /// <summary>Fingers, toes, eyes and jaw that the dancer does not have are left to the Animator.</summary>
        private static bool IsDanced(PoseFrame pose, int bone)
        {
            bool isSmall = bone >= HumanBones.LeftToes && bone < HumanBones.UpperChest;
            return !isSmall || pose.Has(bone);
        }

        private void DriveMuscles(PoseFrame pose, float share)
        {
            StreamSkeleton skeleton = receiver.Skeleton;
            if (_muscles == null || _muscles.Skeleton != skeleton)
            {
                _muscles?.Dispose();
                _muscles = new MuscleDriver(_animator, skeleton);
                if (!_muscles.IsValid)
                    Debug.LogWarning("The stream has too few bones for muscles; bones are turned instead.", this);
            }
            if (!_muscles.IsValid) DriveBones(pose, share);
            else _muscles.Drive(pose, share, travel == Travel.OnTheSpot, floorOffset);
        }
    }
}
