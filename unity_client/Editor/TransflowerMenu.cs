using UnityEditor;
using UnityEngine;

namespace Transflower.EditorTools
{
    /// <summary>What the GameObject menu offers.</summary>
    internal static class TransflowerMenu
    {
        [MenuItem("GameObject/Transflower/Dance Receiver", false, 10)]
        private static void MakeReceiver(MenuCommand command)
        {
            var made = new GameObject("Dance Receiver");
            DanceControl control = made.AddComponent<DanceControl>();
            made.AddComponent<DanceReceiver>().Control = control;
            made.AddComponent<BeatEvents>().Receiver = made.GetComponent<DanceReceiver>();
            Place(made, command);
        }

        [MenuItem("GameObject/Transflower/Stage Panel", false, 11)]
        private static void MakePanel(MenuCommand command)
        {
            var made = new GameObject("Stage Panel");
            made.AddComponent<StagePanel>();
            Place(made, command);
        }

        private static void Place(GameObject made, MenuCommand command)
        {
            GameObjectUtility.SetParentAndAlign(made, command.context as GameObject);
            Undo.RegisterCreatedObjectUndo(made, "Create " + made.name);
            Selection.activeObject = made;
        }
    }
}
