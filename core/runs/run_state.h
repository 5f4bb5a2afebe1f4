#pragma once

namespace lab {

enum class RunState {
    paused,  ///< ready to train, also before the first step
    training,
    finished,  ///< all steps done
    diverged,  ///< stopped by a number that is not finite; the last good state is kept
    failed,    ///< an error of another kind; the run's message says which
};

}  // namespace lab
