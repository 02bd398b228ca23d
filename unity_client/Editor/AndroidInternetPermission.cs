using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>
    /// Gives Android builds the INTERNET permission, without which no socket opens on a headset. Left to itself, Unity
    /// adds
    /// it only where it finds its own networking classes in use.
    /// </summary>
    internal sealed class AndroidInternetPermission : IPreprocessBuildWithReport
    {
        public int callbackOrder => 0;

        public void OnPreprocessBuild(BuildReport report)
        {
            if (report.summary.platform != BuildTarget.Android) return;
            if (PlayerSettings.Android.forceInternetPermission) return;
            PlayerSettings.Android.forceInternetPermission = true;
            Debug.Log("Transflower Bridge: Internet Access is now Require in the Android player settings.");
        }
    }
}
