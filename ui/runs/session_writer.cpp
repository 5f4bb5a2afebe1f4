#include "ui/runs/session_writer.h"

#include <exception>
#include <new>
#include <utility>

#include "core/base/files.h"
#include "core/ops/kernels.h"
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
