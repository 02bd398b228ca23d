using System;
using System.Collections.Generic;
using NUnit.Framework;
using Transflower.Core;
using Transflower.Core.Tests;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>From real datagrams to the bones of an avatar.</summary>
    [TestFixture]
    public class DancerTests
    {
        private Stage _stage;

        [SetUp]
        public void Begin() => _stage = new Stage();

        [TearDown]
        public void End() => _stage.Dispose();

        /// <summary>How a bone of an avatar that was made for the test rested in the world.</summary>
        private static Quaternion Rest(Animator animator, int bone)
        {
            Quaternion rest = Quaternion.identity;
            var described = new Dictionary<string, SkeletonBone>();
            foreach (SkeletonBone one in animator.avatar.humanDescription.skeleton) described[one.name] = one;
            for (Transform t = animator.Bones[(HumanBodyBones)bone]; t != animator.transform; t = t.parent)
                rest = described[t.name].rotation * rest;
            return rest;
        }

        private static void AssertDances(Animator animator, params int[] bones)
        {
            Quaternion facing = animator.transform.rotation;
            foreach (int bone in bones)
            {
                Quaternion expected = facing * Stage.Turn(bone) * Rest(animator, bone);
                Check.Same(expected, animator.Bones[(HumanBodyBones)bone].rotation, HumanBones.Names[bone]);
            }
        }

        [Test]
        public void AnAvatarInAnAPoseWithRotatedBonesTurnsThemAsTheDancer()
        {
            Animator animator = _stage.MakeAvatar(1f);
            animator.transform.localRotation = Quaternion.AngleAxis(70f, Vector3.up);
            animator.gameObject.AddComponent<HumanoidDancer>().LocksFeet = false;
            _stage.Dance(1.2);
            AssertDances(
                animator, HumanBones.Hips, HumanBones.Chest, HumanBones.Head, HumanBones.LeftUpperArm, HumanBones.RightHand,
                HumanBones.LeftUpperLeg, HumanBones.RightFoot);
        }

        [Test]
        public void SeveralAvatarsOfAnySizeDanceToOneReceiver()
        {
            Animator small = _stage.MakeAvatar(0.5f, HumanBones.UpperChest, HumanBones.Chest, HumanBones.Neck);
            Animator large = _stage.MakeAvatar(2f);
            small.gameObject.AddComponent<HumanoidDancer>().LocksFeet = false;
            large.gameObject.AddComponent<HumanoidDancer>().LocksFeet = false;
            _stage.Dance(1.2);
            AssertDances(small, HumanBones.Head, HumanBones.LeftHand);
            AssertDances(large, HumanBones.Head, HumanBones.LeftHand);
            Vector3 first = small.Bones[HumanBodyBones.Hips].position, second = large.Bones[HumanBodyBones.Hips].position;
            Assert.AreEqual(4f, second.x / first.x, 1e-2f);
        }

        [Test]
        public void OnTheSpotItDoesNotTravelAndTheFloorCanBeMoved()
        {
            Animator animator = _stage.MakeAvatar(1f);
            HumanoidDancer dancer = animator.gameObject.AddComponent<HumanoidDancer>();
            dancer.LocksFeet = false;
            _stage.Dance(1.2); // it eases in within a second
            Vector3 free = animator.Bones[HumanBodyBones.Hips].position;
            dancer.TravelMode = HumanoidDancer.Travel.OnTheSpot;
            dancer.FloorOffset = 0.1f;
            _stage.Dance(0.05);
            Vector3 spot = animator.Bones[HumanBodyBones.Hips].position;
            Check.Near(new Vector3(0f, free.y + 0.1f, 0f), spot, 1e-3f, "on the spot");
            Assert.Greater(Math.Abs(free.x), 0.05f);
        }

        [Test]
        public void WeightMixesTheAnimatorAndTheDance()
        {
            Animator animator = _stage.MakeAvatar(1f);
            Transform head = animator.Bones[HumanBodyBones.Head];
            Quaternion still = head.localRotation;
            Player.Animate = () => head.localRotation = still;
            HumanoidDancer dancer = animator.gameObject.AddComponent<HumanoidDancer>();
            _stage.Dance(1.3);
            Quaternion danced = head.localRotation;
            dancer.Weight = 0.5f;
            _stage.Dance(0.05);
            Check.Same(Quaternion.Slerp(still, danced, 0.5f), head.localRotation, "half");
            dancer.Weight = 0f;
            _stage.Dance(0.05);
            Check.Same(still, head.localRotation, "the Animator's own");
        }

        [Test]
        public void WhenTheDanceIsGoneTheAvatarGoesBackToItsAnimator()
        {
            Animator animator = _stage.MakeAvatar(1f);
            Transform head = animator.Bones[HumanBodyBones.Head];
            Quaternion still = head.localRotation;
            Player.Animate = () => head.localRotation = still;
            animator.gameObject.AddComponent<HumanoidDancer>().GiveBackAfterS = 0.2f;
            _stage.Dance(1.2);
            Assert.Less(Math.Abs(Quaternion.Dot(still, head.localRotation)), 0.9999f);
            LocalClock.Pass(0.3);
            for (int i = 0; i < 100; i++) Player.Frame(Stage.PictureS);
            Check.Same(still, head.localRotation, "given back");
        }

        [Test]
        public void FingersThatTheDancerLacksAreLeftToTheAnimator()
        {
            Animator animator = _stage.MakeAvatar(1f);
            Transform finger = animator.Bones[HumanBodyBones.LeftIndexDistal];
            finger.localRotation = Quaternion.AngleAxis(30f, Vector3.up);
            animator.gameObject.AddComponent<HumanoidDancer>();
            _stage.Dance(0.2);
            Check.Same(Quaternion.AngleAxis(30f, Vector3.up), finger.localRotation, "curled");
        }

        [Test]
        public void MusclesCarryTheDanceToo()
        {
            Animator animator = _stage.MakeAvatar(1f);
            HumanoidDancer dancer = animator.gameObject.AddComponent<HumanoidDancer>();
            int numBuilt = UnityEngine.Avatar.NumBuilt;
            dancer.Mode = HumanoidDancer.DriveMode.Muscles;
            _stage.Dance(1.2);
            Assert.AreEqual(numBuilt + 1, UnityEngine.Avatar.NumBuilt);
            Quaternion expected = Stage.Local("LeftUpperLeg");
            Check.Same(expected, animator.Bones[HumanBodyBones.LeftUpperLeg].localRotation, "through the stand-in's muscles", 1e-3f);
            Assert.AreEqual(2, HumanPoseHandler.NumOpen);
            UnityEngine.Object.Destroy(animator.gameObject);
            Assert.AreEqual(0, HumanPoseHandler.NumOpen);
            Assert.AreEqual(numBuilt, UnityEngine.Avatar.NumBuilt, "the Avatar of the hidden skeleton is destroyed");
        }

        [Test]
        public void AnAvatarThatIsNoHumanoidIsExplainedOnceAndLeftAlone()
        {
            var made = new GameObject("Rock");
            made.AddComponent<HumanoidDancer>();
            _stage.Dance(0.2);
            Assert.AreEqual(1, UnityEngine.Debug.Said.FindAll(said => said.Contains("set the model's rig to Humanoid")).Count);
        }

        [Test]
        public void ADancedPictureAllocatesNothing()
        {
            Animator animator = _stage.MakeAvatar(1f);
            HumanoidDancer dancer = animator.gameObject.AddComponent<HumanoidDancer>();
            _stage.Dance(0.5);
            var draw = (Action)Delegate.CreateDelegate(
                typeof(Action), dancer, typeof(HumanoidDancer).GetMethod("LateUpdate", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance));
            draw();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) draw();
            Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }
    }
}
