#include "ui/window/guide_panel.h"

#include <QAbstractButton>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

#include "core/pretrained/model_guide.h"
#include "ui/widgets/theme.h"

using namespace lab;

class GuidePanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void everyHeadHasAButton() {
        GuidePanel panel;
        for (const ModelGuide& guide : modelGuides()) {
            panel.setGuide(guide);
            QSignalSpy wanted(&panel, &GuidePanel::headWanted);
            for (std::size_t i = 0; i < guide.items.size(); ++i)
                for (std::size_t h = 0; h < guide.items[i].heads.size(); ++h) {
                    auto* button = panel.findChild<QAbstractButton*>(QStringLiteral("guide.item_%1.head_%2").arg(i).arg(h));
                    QVERIFY(button);
                    const ModelGuide::Head& head = guide.items[i].heads[h];
                    QCOMPARE(button->text(), QStringLiteral("L%1 H%2").arg(head.layer).arg(head.head));
                    button->click();
                    QCOMPARE(wanted.takeLast(), (QVariantList{QVariant::fromValue(i), QVariant::fromValue(h)}));
                }
        }
    }

    void itSaysHowItWasMeasured() {
        GuidePanel panel;
        const ModelGuide& guide = modelGuides().front();
        panel.setGuide(guide);
        QStringList said;
        for (const QLabel* label : panel.findChildren<QLabel*>()) said << label->text();
        for (const std::string& command : guide.commands) QVERIFY(said.contains(QString::fromStdString(command)));
        QVERIFY(said.contains(QString::fromStdString(guide.note)));
    }

    void theCrossCloses() {
        GuidePanel panel;
        QSignalSpy closed(&panel, &GuidePanel::closeWanted);
        panel.findChild<QAbstractButton*>(QStringLiteral("guide.close"))->click();
        QCOMPARE(closed.size(), 1);
    }
};

QTEST_MAIN(GuidePanelTest)
#include "guide_panel_test.moc"
