using System.Collections.Generic;
using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// Reads the T-pose of a humanoid avatar: that which its import settings describe, whatever pose it is in now.
    /// Objects
    /// that these do not name are taken as they are.
    /// </summary>
    internal static class AvatarRestReader
    {
        /// <summary>
        /// The rest pose, and its bones' transforms by HumanBodyBones (null for those that it lacks).
        /// </summary>
        public static AvatarRest Read(Animator animator, Transform[] bones)
        {
            var described = new Dictionary<string, SkeletonBone>();
            foreach (SkeletonBone bone in animator.avatar.humanDescription.skeleton) described[bone.name] = bone;

            var rest = new AvatarRest();
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                bones[bone] = animator.GetBoneTransform((HumanBodyBones)bone);
                if (bones[bone] == null) continue;
                Place(
                    bones[bone].parent, animator.transform, described,
                    out Matrix4x4 parent, out Quaternion parentRotation);
                Local(bones[bone], described, out Vector3 position, out Quaternion rotation, out Vector3 _);
                rest.Set(
                    bone,
                    parent.MultiplyPoint3x4(position).ToCore(),
                    (parentRotation * rotation).ToCore(),
                    parentRotation.ToCore());
            }
            return rest;
        }

        /// <summary>Where an object rests, seen from the root.</summary>
        private static void Place(
            Transform place, Transform root, Dictionary<string, SkeletonBone> described,
            out Matrix4x4 matrix, out Quaternion rotation)
        {
            if (place == null || place == root)
            {
                matrix = Matrix4x4.identity;
                rotation = Quaternion.identity;
                return;
            }
            Place(place.parent, root, described, out Matrix4x4 parent, out Quaternion parentRotation);
            Local(place, described, out Vector3 position, out Quaternion local, out Vector3 scale);
            matrix = parent * Matrix4x4.TRS(position, local, scale);
            rotation = parentRotation * local;
        }

        private static void Local(
            Transform place, Dictionary<string, SkeletonBone> described,
            out Vector3 position, out Quaternion rotation, out Vector3 scale)
        {
            bool isDescribed = described.TryGetValue(place.name, out SkeletonBone bone);
            position = isDescribed ? bone.position : place.localPosition;
            rotation = isDescribed ? bone.rotation : place.localRotation;
            scale = isDescribed ? bone.scale : place.localScale;
        }
    }
}
