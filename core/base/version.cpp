#include "core/base/version.h"

namespace lab {

const char* programVersion() {
    return LAB_VERSION;
}

}  // namespace lab
