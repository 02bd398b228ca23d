using System;
using System.Collections.Generic;
using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// Moves an avatar by Unity's muscles: a hidden skeleton with the dancer's bones takes the pose, Unity reads it as
    /// muscles, and the avatar takes those.
    /// </summary>
    internal sealed class MuscleDriver : IDisposable
    {
        private readonly float _humanScale;
        private readonly GameObject _figure;
        private readonly Transform[] _bones = new Transform[HumanBones.Count];
        private readonly Avatar _dancer;
        private readonly HumanPoseHandler _from, _to;
        private HumanPose _pose, _own;

        /// <summary>The dancer's rest pose, of which the hidden skeleton was made.</summary>
        public readonly StreamSkeleton Skeleton;

        public MuscleDriver(Animator animator, StreamSkeleton skeleton)
        {
            Skeleton = skeleton;
            _humanScale = Mathf.Max(0.01f, animator.humanScale);
            _figure = new GameObject("Transflower dancer") { hideFlags = HideFlags.HideAndDontSave };
            _dancer = BuildAvatar();
            IsValid = _dancer != null && _dancer.isValid;
            if (!IsValid) return;
            _from = new HumanPoseHandler(_dancer, _figure.transform);
            _to = new HumanPoseHandler(animator.avatar, animator.transform);
        }

        /// <summary>Whether the stream has the bones that Unity asks of a humanoid.</summary>
        public bool IsValid { get; }

        public void Dispose()
        {
            _from?.Dispose();
            _to?.Dispose();
            Remove(_figure);
            Remove(_dancer); // an Avatar belongs to no object, so it would stay until Unity ends
        }

        private static void Remove(UnityEngine.Object made)
        {
            if (made == null) return;
            if (Application.isPlaying) UnityEngine.Object.Destroy(made);
            else UnityEngine.Object.DestroyImmediate(made);
        }

        /// <summary>Takes a pose.</summary>
        public void Drive(PoseFrame pose, float share, bool isOnTheSpot, float floorOffset)
        {
            _bones[HumanBones.Hips].localPosition = pose.HipsPosition.ToUnity();
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                if (_bones[bone] != null) _bones[bone].localRotation = pose.Rotations[bone].ToUnity();
            }
            _from.GetHumanPose(ref _pose);
            if (isOnTheSpot) _pose.bodyPosition = new Vector3(0f, _pose.bodyPosition.y, 0f);
            _pose.bodyPosition += new Vector3(0f, floorOffset / _humanScale, 0f);
            if (share < 1f)
            {
                _to.GetHumanPose(ref _own);
                _pose.bodyPosition = Vector3.Lerp(_own.bodyPosition, _pose.bodyPosition, share);
                _pose.bodyRotation = Quaternion.Slerp(_own.bodyRotation, _pose.bodyRotation, share);
                for (int i = 0; i < _pose.muscles.Length; i++)
                    _pose.muscles[i] = Mathf.Lerp(_own.muscles[i], _pose.muscles[i], share);
            }
            _to.SetHumanPose(ref _pose);
        }

        private Avatar BuildAvatar()
        {
            var human = new List<HumanBone>();
            var rest = new List<SkeletonBone> { Bone(_figure.transform) };
            foreach (int bone in HumanBones.ParentsFirst)
            {
                if (!Skeleton.Has(bone)) continue;
                int parent = Skeleton.ParentOf(bone);
                Transform made = new GameObject(HumanBones.Names[bone]).transform;
                made.SetParent(parent < 0 ? _figure.transform : _bones[parent], false);
                made.localPosition = bone == HumanBones.Hips
                    ? new Vector3(0f, Skeleton.LegLength + Skeleton.AnkleHeight, 0f)
                    : Skeleton.Offsets[bone].ToUnity();
                _bones[bone] = made;
                rest.Add(Bone(made));
                human.Add(new HumanBone
                {
                    boneName = made.name,
                    humanName = HumanTrait.BoneName[bone],
                    limit = new HumanLimit { useDefaultValues = true },
                });
            }
            return AvatarBuilder.BuildHumanAvatar(
                _figure,
                new HumanDescription
                {
                    human = human.ToArray(),
                    skeleton = rest.ToArray(),
                    upperArmTwist = 0.5f,
                    lowerArmTwist = 0.5f,
                    upperLegTwist = 0.5f,
                    lowerLegTwist = 0.5f,
                    armStretch = 0.05f,
                    legStretch = 0.05f,
                });
        }

        private static SkeletonBone Bone(Transform transform) => new SkeletonBone
        {
            name = transform.name,
            position = transform.localPosition,
            rotation = transform.localRotation,
            scale = Vector3.one,
        };
    }
}
