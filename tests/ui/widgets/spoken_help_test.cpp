#include "ui/widgets/spoken_help.h"

#include <QWidget>
#include <QtTest>

using namespace lab;

class SpokenHelpTest : public QObject {
    Q_OBJECT

private slots:
    void tagsAreNotSpoken() {
        QCOMPARE(plainHelp("<p><b>model.d_model</b></p><p>Width d: a &lt; b &amp;&amp; c.</p>"),
                 QString("model.d_model\nWidth d: a < b && c."));
        QCOMPARE(plainHelp("one<br>two"), QString("one\ntwo"));
        QCOMPARE(plainHelp("a & b"), QString("a & b"));
    }

    void bothAreTold() {
        QWidget part;
        setHelp(part, "<p>Allowed: from 1 to 5.</p>", "7 > 5 is too much");
        QCOMPARE(part.toolTip(), QString("<p><b>7 &gt; 5 is too much</b></p><p>Allowed: from 1 to 5.</p>"));
        QCOMPARE(part.accessibleDescription(), QString("7 > 5 is too much\nAllowed: from 1 to 5."));
        setHelp(part, "<p>Allowed: from 1 to 5.</p>");
        QCOMPARE(part.accessibleDescription(), QString("Allowed: from 1 to 5."));
    }
};

QTEST_MAIN(SpokenHelpTest)
#include "spoken_help_test.moc"
