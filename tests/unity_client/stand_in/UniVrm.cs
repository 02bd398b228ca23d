// A stand-in for the few members of UniVRM that the optional components use.
using System.Collections.Generic;
using UnityEngine;

namespace VRM
{
    public sealed class BlendShapeClip : ScriptableObject
    {
        public string BlendShapeName;
    }

    public struct BlendShapeKey
    {
        public string Name => _name;

        private string _name;

        public static BlendShapeKey CreateFromClip(BlendShapeClip clip) => new BlendShapeKey { _name = clip.BlendShapeName };
    }

    public sealed class BlendShapeAvatar : ScriptableObject
    {
        public List<BlendShapeClip> Clips = new List<BlendShapeClip>();
    }

    public sealed class VRMBlendShapeProxy : MonoBehaviour
    {
        public BlendShapeAvatar BlendShapeAvatar;
        public readonly Dictionary<string, float> Applied = new Dictionary<string, float>();
        private readonly Dictionary<string, float> _gathered = new Dictionary<string, float>();

        public void AccumulateValue(BlendShapeKey key, float value) => _gathered[key.Name] = value;

        public void Apply()
        {
            foreach (KeyValuePair<string, float> one in _gathered) Applied[one.Key] = one.Value;
        }
    }
}

namespace UniVRM10
{
    public struct ExpressionKey
    {
        public string Name { get; set; }
    }

    public sealed class Vrm10RuntimeExpression
    {
        public readonly List<ExpressionKey> Keys = new List<ExpressionKey>();
        public readonly Dictionary<string, float> Weights = new Dictionary<string, float>();

        public IReadOnlyList<ExpressionKey> ExpressionKeys => Keys;

        public void SetWeight(ExpressionKey expressionKey, float weight) => Weights[expressionKey.Name] = weight;
    }

    public sealed class Vrm10Runtime
    {
        public Vrm10RuntimeExpression Expression { get; } = new Vrm10RuntimeExpression();
    }

    public sealed class VRM10Object : ScriptableObject
    {
    }

    public sealed class Vrm10Instance : MonoBehaviour
    {
        public VRM10Object Vrm;
        private readonly Vrm10Runtime _runtime = new Vrm10Runtime();

        /// <summary>Cannot be had of an instance that is empty, as in UniVRM.</summary>
        public Vrm10Runtime Runtime => Vrm != null ? _runtime : throw new System.NullReferenceException("Vrm");
    }
}
