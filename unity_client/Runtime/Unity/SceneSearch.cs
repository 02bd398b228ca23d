using UnityEngine;

namespace Transflower
{
    /// <summary>Finds what the inspector was not told; Unity has renamed how.</summary>
    internal static class SceneSearch
    {
        /// <summary>The first active one of the open scenes, or null.</summary>
        public static T First<T>() where T : Object
        {
#if UNITY_2023_1_OR_NEWER
            return Object.FindFirstObjectByType<T>();
#else
            return Object.FindObjectOfType<T>();
#endif
        }
    }
}
