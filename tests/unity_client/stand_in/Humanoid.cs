using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum HumanBodyBones
    {
        Hips, LeftUpperLeg, RightUpperLeg, LeftLowerLeg, RightLowerLeg, LeftFoot, RightFoot, Spine, Chest, Neck, Head,
        LeftShoulder, RightShoulder, LeftUpperArm, RightUpperArm, LeftLowerArm, RightLowerArm, LeftHand, RightHand,
        LeftToes, RightToes, LeftEye, RightEye, Jaw,
        LeftThumbProximal, LeftThumbIntermediate, LeftThumbDistal, LeftIndexProximal, LeftIndexIntermediate, LeftIndexDistal,
        LeftMiddleProximal, LeftMiddleIntermediate, LeftMiddleDistal, LeftRingProximal, LeftRingIntermediate, LeftRingDistal,
        LeftLittleProximal, LeftLittleIntermediate, LeftLittleDistal,
        RightThumbProximal, RightThumbIntermediate, RightThumbDistal, RightIndexProximal, RightIndexIntermediate, RightIndexDistal,
        RightMiddleProximal, RightMiddleIntermediate, RightMiddleDistal, RightRingProximal, RightRingIntermediate, RightRingDistal,
        RightLittleProximal, RightLittleIntermediate, RightLittleDistal,
        UpperChest,
        LastBone,
    }

    public struct SkeletonBone
    {
        public string name;
        public Vector3 position;
        public Quaternion rotation;
        public Vector3 scale;
    }

    public struct HumanLimit
    {
        public bool useDefaultValues { get; set; }
    }

    public struct HumanBone
    {
        public HumanLimit limit;

        public string boneName { get; set; }

        public string humanName { get; set; }
    }

    public struct HumanDescription
    {
        public HumanBone[] human;
        public SkeletonBone[] skeleton;

        public float upperArmTwist { get; set; }

        public float lowerArmTwist { get; set; }

        public float upperLegTwist { get; set; }

        public float lowerLegTwist { get; set; }

        public float armStretch { get; set; }

        public float legStretch { get; set; }
    }

    public sealed class Avatar : Object
    {
        /// <summary>Built and not destroyed, for tests.</summary>
        public static int NumBuilt;

        public bool isValid { get; internal set; } = true;

        public bool isHuman { get; internal set; } = true;

        public HumanDescription humanDescription { get; internal set; }
    }

    public static class AvatarBuilder
    {
        private static readonly string[] Required =
        {
            "Hips", "Spine", "Head", "LeftUpperLeg", "RightUpperLeg", "LeftLowerLeg", "RightLowerLeg", "LeftFoot", "RightFoot",
            "LeftUpperArm", "RightUpperArm", "LeftLowerArm", "RightLowerArm", "LeftHand", "RightHand",
        };

        /// <summary>Valid when it names all bones that Unity asks for.</summary>
        public static Avatar BuildHumanAvatar(GameObject go, HumanDescription humanDescription)
        {
            var named = new HashSet<string>();
            foreach (HumanBone bone in humanDescription.human) named.Add(bone.humanName);
            Avatar.NumBuilt++;
            return new Avatar { humanDescription = humanDescription, isValid = named.IsSupersetOf(Required) };
        }
    }

    /// <summary>Which transform is which bone is set by tests, or by the names of the avatar's description.</summary>
    public sealed class Animator : Behaviour
    {
        public readonly Dictionary<HumanBodyBones, Transform> Bones = new Dictionary<HumanBodyBones, Transform>();

        public Avatar avatar { get; set; }

        public float humanScale { get; set; } = 1f;

        public Transform GetBoneTransform(HumanBodyBones humanBoneId)
        {
            Transform found;
            return Bones.TryGetValue(humanBoneId, out found) ? found : null;
        }
    }

    public struct HumanPose
    {
        public Vector3 bodyPosition;
        public Quaternion bodyRotation;
        public float[] muscles;
    }

    /// <summary>
    /// Unity's muscles are its secret; here the first ones are the imaginary parts of the bones' local rotations, found
    /// by the names of the avatar's description, so that what goes in at one figure comes out at another.
    /// </summary>
    public sealed class HumanPoseHandler : IDisposable
    {
        private readonly Transform _root;
        private readonly Transform[] _bones = new Transform[(int)HumanBodyBones.LastBone];

        public static int NumOpen;

        public HumanPoseHandler(Avatar avatar, Transform root)
        {
            if (avatar == null || !avatar.isValid) throw new ArgumentException("the avatar is not valid");
            _root = root;
            foreach (HumanBone bone in avatar.humanDescription.human)
                _bones[Array.IndexOf(HumanTrait.BoneName, bone.humanName)] = Find(root, bone.boneName);
            NumOpen++;
        }

        public void Dispose() => NumOpen--;

        public void GetHumanPose(ref HumanPose humanPose)
        {
            if (humanPose.muscles == null) humanPose.muscles = new float[HumanTrait.MuscleCount];
            humanPose.bodyPosition = _root.InverseTransformPoint(_bones[0].position);
            humanPose.bodyRotation = _bones[0].localRotation;
            for (int i = 0; i < humanPose.muscles.Length; i++)
            {
                Transform bone = _bones[1 + i / 3];
                Quaternion turn = bone == null ? Quaternion.identity : bone.localRotation;
                humanPose.muscles[i] = i % 3 == 0 ? turn.x : i % 3 == 1 ? turn.y : turn.z;
            }
        }

        public void SetHumanPose(ref HumanPose humanPose)
        {
            _bones[0].position = _root.TransformPoint(humanPose.bodyPosition);
            _bones[0].localRotation = humanPose.bodyRotation;
            for (int i = 0; i + 2 < humanPose.muscles.Length; i += 3)
            {
                Transform bone = _bones[1 + i / 3];
                if (bone == null) continue;
                float x = humanPose.muscles[i], y = humanPose.muscles[i + 1], z = humanPose.muscles[i + 2];
                bone.localRotation = new Quaternion(x, y, z, (float)Math.Sqrt(Math.Max(0f, 1f - x * x - y * y - z * z)));
            }
        }

        private static Transform Find(Transform below, string name)
        {
            if (below.name == name) return below;
            for (int i = 0; i < below.childCount; i++)
            {
                Transform found = Find(below.GetChild(i), name);
                if (found != null) return found;
            }
            return null;
        }
    }

    public static class HumanTrait
    {
        public static int MuscleCount => 95;

        /// <summary>The names of bones, in which fingers have spaces.</summary>
        public static string[] BoneName { get; } = MakeBoneNames();

        public static string[] MuscleName { get; } = MakeMuscleNames();

        private static string[] MakeBoneNames()
        {
            var names = new string[(int)HumanBodyBones.LastBone];
            for (int bone = 0; bone < names.Length; bone++)
            {
                string name = ((HumanBodyBones)bone).ToString();
                if (bone >= (int)HumanBodyBones.LeftThumbProximal && bone <= (int)HumanBodyBones.RightLittleDistal)
                {
                    string side = name.StartsWith("Left") ? "Left" : "Right";
                    string part = name.EndsWith("Proximal") ? "Proximal" : name.EndsWith("Distal") ? "Distal" : "Intermediate";
                    string finger = name.Substring(side.Length, name.Length - side.Length - part.Length);
                    name = side + " " + finger + " " + part;
                }
                names[bone] = name;
            }
            return names;
        }

        private static string[] MakeMuscleNames()
        {
            var names = new string[MuscleCount];
            for (int i = 0; i < MuscleCount; i++) names[i] = "Muscle " + i;
            names[0] = "Spine Front-Back";
            names[55] = "Left Thumb 1 Stretched";
            names[76] = "Right Index Spread";
            return names;
        }
    }
}
