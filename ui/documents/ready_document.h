#pragma once

#include "core/data/loaded_task.h"
#include "ui/documents/document_source.h"
#include "ui/documents/session.h"

namespace lab {

struct Session::Pasts {
    QString file;
    SessionFile session;
    std::vector<RunToRestore> runs;
    std::vector<Message> lost;  ///< why other runs cannot be restored
    bool isDocument = true;     ///< else it was kept for the next start
};

struct Session::Ready {
    DocumentSource source;
    LoadedTask task;
    std::shared_ptr<Pasts> pasts;  ///< of a session; then the task is not there
};

}  // namespace lab
