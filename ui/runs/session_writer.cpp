#include "ui/runs/session_writer.h"

#include <exception>
#include <new>
#include <utility>

#include "core/base/files.h"
#include "core/runs/session_run.h"
#include "ui/text/message_text.h"

namespace lab {

void SessionWriter::write(const QString& path, std::shared_ptr<const SessionFile> session, Done done) {
    ++m_underWay;
    const auto told = [this, done = std::move(done)](const QString& error) {
        --m_underWay;
        if (done) done(error);
    };
    m_worker.enqueue(
        [path, session = std::move(session), told](Worker::Context& context) mutable {
            const QString error = writtenSession(path, *std::exchange(session, nullptr));  // its weights go before anyone is told
            context.tell([told, error] { told(error); });
        },
        [told](const Message& why) { told(shown(why)); });
}

QString writtenSession(const QString& path, const SessionFile& session) {
    try {
        writeSessionOfRuns(pathFromUtf8(path.toStdString()), session);
        return {};
    } catch (const std::bad_alloc&) {
        return shown(located(path.toStdString(), LAB_TEXT("files", "cannot be written: there is not enough memory")));
    } catch (const std::exception& error) {
        return shown(messageOf(error));
    }
}

}  // namespace lab
