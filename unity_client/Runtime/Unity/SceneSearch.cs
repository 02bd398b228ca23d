using UnityEngine;

namespace Transflower
{
    /// <summary>Finds what was not set in the inspector; Unity has renamed how.</summary>
    internal static class SceneSearch
    {
        /// <summary>Any active one of the open scenes, or null.</summary>
        public static T Any<T>() where T : Object
        {
#if UNITY_2023_1_OR_NEWER
            return Object.FindAnyObjectByType<T>();
#else
            return Object.FindObjectOfType<T>();
#endif
        }
    }
}
