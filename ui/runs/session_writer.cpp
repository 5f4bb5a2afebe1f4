#include "ui/runs/session_writer.h"

#include <exception>
#include <new>
#include <utility>

#include "core/base/files.h"
#include "core/ops/kernels.h"
#include "ui/text/message_text.h"

namespace lab {

void SessionWriter::write(const QString& path, std::shared_ptr<const SessionFile> session, Done done) {
    m_job.wait();
    m_busy = true;
    m_job.start([this, path, session = std::move(session), done = std::move(done)]() mutable {
        const QString error = writtenSession(path, *session);
        session.reset();  // the weights it holds, before anyone is told
        m_post.post([this, error, done = std::move(done)] {
            m_busy = false;
            if (done) done(error);
        });
        return error.isEmpty();
    });
}

QString writtenSession(const QString& path, const SessionFile& session) {
    try {
        // Another processor's instruction set gives other bits: a state says which made it.
        const Metadata computedWith = {{"attention_lab.computed_with", std::string("Attention Lab, ") + kernels<float>().isa}};
        writeSession(pathFromUtf8(path.toStdString()), session, computedWith);
        return {};
    } catch (const std::bad_alloc&) {
        return shown(located(path.toStdString(), LAB_TEXT("files", "cannot be written: there is not enough memory")));
    } catch (const std::exception& error) {
        return shown(messageOf(error));
    }
}

}  // namespace lab
