#ifndef SAMPLE_H
#define SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/**
 * \brief Where a task is in its life.
 */
typedef enum task_state {
  TASK_FRESH, /**< It hasn't begun. */
  TASK_DONE = 7, ///< It has ended.
} task_state_t;

struct host;

/* What a task gives back.
 * It may be nothing: see `task`. */
typedef int (*task_result_t)(struct host *host, size_t length);

// What a task needs.
//
// It is made by the host, and
// never moves.
typedef struct task {
  struct task *_Nonnull parent; // who began it
  struct host *host;
  task_state_t state; /* as of now */
  uint64_t fuel : 48, level : 16; // of which it has so much: #1
  task_result_t result;
  char name[16];
} Task;

typedef struct {
  /** Begins a task.
   *  \param task  which one
   */
  void (*begin)(Task *task, uint32_t flags);
  int (*end)(Task *task);
} TaskCalls;

#endif
