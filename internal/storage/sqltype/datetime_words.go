package sqltype

import "strings"

// wordKind is the meaning of a word in a date or timestamp.
type wordKind uint8

const (
	ignoredWord wordKind = iota
	monthWord
	weekdayWord
	meridianWord // am, pm
	eraWord      // ad, bc
	zoneWord     // an abbreviation of a time zone
	dstWord
	unitWord // j: a Julian day follows; t: an ISO time follows
	nowWord
	todayWord
	tomorrowWord
	yesterdayWord
	epochWord
	infinityWord
	negInfinityWord
	zuluTimeWord // allballs
)

type dateWord struct {
	kind  wordKind
	value int
}

// Values of meridian, era and unit words.
const (
	wordAM = iota
	wordPM
	wordAD
	wordBC
	unitJulian
	unitTime
	unitOther
)

var dateWords = makeDateWords()

func makeDateWords() map[string]dateWord {
	m := map[string]dateWord{
		"at": {kind: ignoredWord}, "on": {kind: ignoredWord},
		"am": {meridianWord, wordAM}, "pm": {meridianWord, wordPM},
		"ad": {eraWord, wordAD}, "bc": {eraWord, wordBC},
		"dst": {kind: dstWord},
		"now": {kind: nowWord}, "today": {kind: todayWord}, "tomorrow": {kind: tomorrowWord}, "yesterday": {kind: yesterdayWord},
		"epoch": {kind: epochWord}, "infinity": {kind: infinityWord}, "-infinity": {kind: negInfinityWord}, "allballs": {kind: zuluTimeWord},
		"j": {unitWord, unitJulian}, "jd": {unitWord, unitJulian}, "julian": {unitWord, unitJulian}, "t": {unitWord, unitTime},
		"d": {unitWord, unitOther}, "dow": {unitWord, unitOther}, "doy": {unitWord, unitOther}, "h": {unitWord, unitOther},
		"isodow": {unitWord, unitOther}, "isoyear": {unitWord, unitOther}, "m": {unitWord, unitOther},
		"mm": {unitWord, unitOther}, "s": {unitWord, unitOther}, "y": {unitWord, unitOther},
		"sept": {monthWord, 9}, "tues": {kind: weekdayWord}, "wednes": {kind: weekdayWord}, "thur": {kind: weekdayWord},
		"thurs": {kind: weekdayWord},
	}
	for i, w := range strings.Fields("january february march april may june july august september october november december") {
		m[w], m[w[:3]] = dateWord{monthWord, i + 1}, dateWord{monthWord, i + 1}
	}
	for _, w := range strings.Fields("sunday monday tuesday wednesday thursday friday saturday") {
		m[w], m[w[:3]] = dateWord{kind: weekdayWord}, dateWord{kind: weekdayWord}
	}
	for _, w := range strings.Fields(zoneAbbreviations) {
		if _, ok := m[w]; !ok {
			m[w] = dateWord{kind: zoneWord}
		}
	}
	return m
}

// zoneAbbreviations are the abbreviations of PostgreSQL's default set. A timestamp without time zone accepts them and
// ignores them.
const zoneAbbreviations = `
acdt acsst acst act acwst adt aedt aesst aest aft akdt akst almst almt amst amt anast anat arst art ast awsst awst azost
azot azst azt bdst bdt bnt bort bot bra brst brt bst btt cadt cast cct cdt cest cet cetdst chadt chast chut ckt clst clt
cot cst cxt davt ddut easst east eat edt eest eet eetdst egst egt est fet fjst fjt fkst fkt fnst fnt galt gamt gest get
gft gilt gmt gyt hkt hst ict idt iot irkst irkt irt ist jayt jst kdt kgst kgt kost krast krat kst lhdt lhst ligt lint lkt
magst magt mart mawt mdt mest mesz met metdst mez mht mmt mpt msd msk mst must mut mvt myt ndt nft novst novt npt nst nut
nzdt nzst nzt omsst omst pdt pet petst pett pgt pht pkst pkt pmdt pmst pont pst pwt pyst pyt ret sadt sast sct sgt taht
tft tjt tkt tmt tot trut tvt uct ulast ulat ut utc uyst uyt uzst uzt vet vlast vlat volt vut wadt wakt wast wat wdt wet
wetdst wft wgst wgt xjt yakst yakt yapt yekst yekt z zulu`
