#include "ui/window/about_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "core/base/platform.h"
#include "core/base/version.h"
#include "core/ops/kernels.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

QString isaText() {
    const QString isa = QString::fromLatin1(kernels<float>().isa);
    if (isa == QLatin1String("v4")) return AboutDialog::tr("x86-64-v4 (AVX-512)");
    if (isa == QLatin1String("v3")) return AboutDialog::tr("x86-64-v3 (AVX2, FMA)");
    return isa;
}

}  // namespace

QString computedWith() {
    const QStringList lines = {AboutDialog::tr("Version: %1").arg(QLatin1String(programVersion())),
                               AboutDialog::tr("Instruction set: %1").arg(isaText()),
                               AboutDialog::tr("Threads: %1").arg(processorCount()),
                               AboutDialog::tr("Processor: %1").arg(shown(processorName())),
                               AboutDialog::tr("Numbers: float32, the same with any number of threads"),
                               AboutDialog::tr("Qt: %1").arg(QLatin1String(qVersion()))};
    return lines.join(QLatin1Char('\n'));
}

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
    const Theme& theme = Theme::instance();
    setWindowTitle(tr("About Attention Lab"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* picture = new QLabel;
    picture->setPixmap(applicationIcon().pixmap(QSize(theme.px(64), theme.px(64)), devicePixelRatioF()));

    auto* words = new QVBoxLayout;
    words->setSpacing(theme.px(8));
    words->addWidget(new ThemedLabel(tr("Attention Lab"), TextSize::meter, Role::text, true));
    auto* purpose = new ThemedLabel(tr("Train a small transformer and watch attention appear. Nothing leaves this computer."));
    purpose->setWordWrap(true);
    words->addWidget(purpose);
    words->addWidget(new ThemedLabel(tr("What it computes with"), TextSize::text, Role::text, true));
    auto* facts = new ThemedLabel(computedWith(), TextSize::text, Role::muted);
    facts->setObjectName(QStringLiteral("computed with"));
    facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    facts->setWordWrap(true);
    words->addWidget(facts);
    words->addWidget(new ThemedLabel(tr("MIT licence"), TextSize::caption, Role::muted));

    auto* top = new QHBoxLayout;
    top->setSpacing(theme.px(16));
    top->addWidget(picture, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    auto* close = named("about.dialog.close", new Button(tr("Close")));
    connect(close, &Button::clicked, this, &QDialog::accept);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(12));
    layout->addLayout(top);
    layout->addStretch();
    layout->addWidget(close, 0, Qt::AlignRight);
    const int width = theme.px(480);
    resize(width, layout->totalHeightForWidth(width));
}

}  // namespace lab
