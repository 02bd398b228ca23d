namespace Transflower.Core
{
    /// <summary>Where decoders put what they decode; called on the socket's thread.</summary>
    public interface IStreamOutput
    {
        /// <summary>A frame to fill, or null when there is no room; its bones are cleared.</summary>
        PoseFrame ReservePose(StreamProtocol protocol);

        /// <summary>Hands over the frame that was reserved, with the skeleton that it moves.</summary>
        void CommitPose(StreamSkeleton skeleton);

        /// <summary>
        /// A frame came that could not be used: its skeleton is not known yet, or parts of it were lost.
        /// </summary>
        void CountIncomplete();
    }

    /// <summary>What a stream speaks.</summary>
    public enum StreamProtocol
    {
        /// <summary>Both; while the bridge's own poses come, those of VMC are passed over.</summary>
        Any = 0,

        /// <summary>The bridge's own, `/dance`.</summary>
        Dance = 1,

        /// <summary>The Virtual Motion Capture Protocol.</summary>
        Vmc = 2,
    }
}
