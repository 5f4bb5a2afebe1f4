#include "ui/widgets/elided_texts.h"

#include <QApplication>
#include <QHash>
#include <QHelpEvent>
#include <QPointer>
#include <QToolTip>
#include <QWidget>
#include <algorithm>
#include <vector>

namespace lab {
namespace {

QString asRichText(const QString& text) {
    return Qt::mightBeRichText(text) ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), "<br>"));
}

/// What is shortened in each widget. Painting anew forgets what stood there before.
class ElidedTexts : public QObject {
public:
    static ElidedTexts& instance() {
        static QPointer<ElidedTexts> texts;
        if (!texts) {
            texts = new ElidedTexts;
            texts->setParent(qApp);
            qApp->installEventFilter(texts);
        }
        return *texts;
    }

    void note(QWidget* widget, const QRectF& place, const QString& whole) {
        if (!m_texts.contains(widget)) connect(widget, &QObject::destroyed, this, [this](QObject* gone) { m_texts.remove(gone); });
        std::vector<Text>& texts = m_texts[widget];
        std::erase_if(texts, [&](const Text& text) { return text.place.intersects(place); });
        texts.push_back({place, whole});
    }

    QStringList textsOf(const QObject* widget) const {
        QStringList texts;
        for (const Text& text : m_texts.value(widget)) texts << text.whole;
        return texts;
    }

    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() != QEvent::Paint && event->type() != QEvent::ToolTip) return false;
        const auto found = m_texts.find(watched);
        if (found == m_texts.end() || m_asking) return false;
        if (event->type() == QEvent::ToolTip) return tell(static_cast<QWidget*>(watched), *found, static_cast<QHelpEvent&>(*event));
        const QRectF painted = static_cast<QPaintEvent*>(event)->region().boundingRect();
        std::erase_if(*found, [&](const Text& text) { return text.place.intersects(painted); });
        return false;
    }

private:
    struct Text {
        QRectF place;
        QString whole;
    };

    /// The widget says first what it has to say.
    bool tell(QWidget* widget, const std::vector<Text>& texts, const QHelpEvent& event) {
        const auto text = std::ranges::find_if(texts, [&](const Text& each) { return each.place.contains(event.pos()); });
        if (text == texts.end()) return false;
        const QString whole = text->whole;
        QToolTip::showText(event.globalPos(), whole, widget);
        QHelpEvent asked(QEvent::ToolTip, event.pos(), event.globalPos());
        m_asking = true;
        QCoreApplication::sendEvent(widget, &asked);
        m_asking = false;
        const QString said = QToolTip::text();
        if (said == whole || said.isEmpty())
            QToolTip::showText(event.globalPos(), whole, widget);
        else if (!said.contains(whole))
            QToolTip::showText(event.globalPos(), asRichText(whole) + asRichText(said), widget);
        return true;
    }

    QHash<const QObject*, std::vector<Text>> m_texts;
    bool m_asking = false;
};

}  // namespace

void noteElided(const QPainter& painter, const QRectF& rect, const QString& whole) {
    if (!painter.device() || painter.device()->devType() != QInternal::Widget) return;
    ElidedTexts::instance().note(static_cast<QWidget*>(painter.device()), painter.worldTransform().mapRect(rect), whole);
}

QStringList elidedTexts(const QWidget& widget) {
    return ElidedTexts::instance().textsOf(&widget);
}

}  // namespace lab
