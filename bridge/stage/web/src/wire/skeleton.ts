import { MAX_BONES, type Skeleton } from "./live";

/** Puts a skeleton together from its bones, which come one a message and in any order. */
export class SkeletonAssembler {
  private id = -1;
  private readonly names: string[] = new Array(MAX_BONES).fill("");
  private readonly parents: number[] = new Array(MAX_BONES).fill(-1);
  private readonly offsets = new Float32Array(3 * MAX_BONES);
  private readonly isThere: boolean[] = new Array(MAX_BONES).fill(false);

  /** Takes a bone; false for one that no skeleton can have. Another id begins another skeleton. */
  add(id: number, index: number, name: string, parent: number, x: number, y: number, z: number): boolean {
    if (id < 0 || index < 0 || index >= MAX_BONES || name === "") return false;
    if (index === 0 ? parent !== -1 : parent < 0 || parent >= index) return false;
    if (id !== this.id) {
      this.id = id;
      this.isThere.fill(false);
    }
    this.names[index] = name;
    this.parents[index] = parent;
    this.offsets[3 * index] = x;
    this.offsets[3 * index + 1] = y;
    this.offsets[3 * index + 2] = z;
    this.isThere[index] = true;
    return true;
  }

  /** Whether all bones of a pose's skeleton have come. */
  isComplete(id: number, numBones: number): boolean {
    if (id !== this.id) return false;
    for (let i = 0; i < numBones; i++) if (!this.isThere[i]) return false;
    return true;
  }

  /** The skeleton of the bones that have come. */
  skeleton(numBones: number): Skeleton {
    return {
      id: this.id,
      names: this.names.slice(0, numBones),
      parents: this.parents.slice(0, numBones),
      offsets: this.offsets.slice(0, 3 * numBones),
    };
  }
}
