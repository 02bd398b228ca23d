using UnityEngine;
using UnityEngine.InputSystem;
using UnityEngine.Scripting;

[assembly: AlwaysLinkAssembly] // nothing refers to it, so a build would leave it out

namespace Transflower
{
    /// <summary>
    /// Gives `PokeButton` the mouse of the Input System. Compiled only where that package is installed.
    /// </summary>
    internal static class InputSystemMouse
    {
        [RuntimeInitializeOnLoadMethod]
        private static void Offer() => PokeButton.ReadMouse = TryGetPress;

        private static bool TryGetPress(out Vector2 place)
        {
            Mouse mouse = Mouse.current;
            bool isPressed = mouse != null && mouse.leftButton.wasPressedThisFrame;
            place = isPressed ? mouse.position.ReadValue() : new Vector2();
            return isPressed;
        }
    }
}
