import { formatAddress } from '../../net/address.ts'
import { DialError, type DialErrorKind } from '../../net/dial-error.ts'
import { GoodbyeError } from '../../net/session.ts'
import {
  ChatError,
  type ErrorCode,
  errorCodes,
  messageOf,
  ProtocolError,
} from '../../protocol/errors.ts'
import type { faultWords } from './en-faults.ts'
import type { Words } from './words.ts'

/**
 * The server and the network say in English what went wrong, with a code that never changes. The code
 * has Chinese words, and sentences that are known keep what they say beyond it: a name, a number.
 * What is not known is quoted behind the words of its code.
 */
export const zhFaultWords: Words<typeof faultWords> = {
  of: (error) => {
    if (error instanceof DialError) return dialing[error.kind](error)
    const isCoded =
      error instanceof ChatError || error instanceof GoodbyeError || error instanceof ProtocolError
    return isCoded ? refusal(error.code, error.message) : told(messageOf(error))
  },
  text: told,
  sentence: (text) => (/[。！？…]$/.test(text) || text === '' ? text : `${text}。`),
  advised: (sentence, advice) => sentence + advice,
}

const meanings: Readonly<Record<ErrorCode, string>> = {
  unknown: '服务器返回了未知的错误',

  badMagic: '对方说的不是 tchat 协议',
  badVersion: '协议版本不受支持',
  badSerializer: '数据格式与协议版本不符',
  frameTooLong: '数据包过长',
  badPayload: '数据内容有误',
  timedOut: '太久没有收到数据',
  stopping: '服务器正在停止，请稍后再来',
  revoked: '此登录已在其他设备上被结束',
  tooManyConnections: '此地址或账号的连接太多',
  plaintextRefused: '此服务器要求加密连接',
  failed: '服务器出错，详情见其日志',

  unknownCommand: '此服务器不支持这项操作',
  notLoggedIn: '请先登录',
  alreadyLoggedIn: '此连接已经登录',
  wrongLogin: '名字或密码错误',
  badToken: '登录已失效，请重新登录',
  nameTaken: '这个名字已被使用',
  badName: '名字不符合规则',
  weakPassword: '密码太短',
  unknownUser: '没有这个用户',
  unknownGroup: '没有这个群组',
  unknownConversation: '没有这个会话',
  notMember: '只有成员可以这样做',
  emptyText: '消息不能为空',
  nonceReused: '这个编号已用于其他内容',
  badRequest: '请求中有无效的内容',
  rateLimited: '操作太频繁，请稍后再试',
  tooMany: '数量已达上限',
  unavailable: '服务器暂时无法处理',
  registrationClosed: '这里不开放注册',
  badInvite: '邀请无效、已用完或已过期',
  blocked: '对方不接收你的消息',
  notAllowed: '你的身份没有这项权限',
  banned: '你已被封禁',
  unknownEntry: '没有这条消息',
  storageFull: '服务器空间已满',
  inviteNeeded: '这里仅限受邀加入',
}

const dialing: Readonly<Record<DialErrorKind, (error: DialError) => string>> = {
  refused: (error) => `${placeOf(error)} 没有服务器在监听：服务器是否已启动，端口是否正确？`,
  notFound: ({ address }) => `找不到主机 ${address.host}：名称是否正确，网络是否连通？`,
  unreachable: (error) => `无法到达 ${placeOf(error)}：网络是否连通？`,
  timedOut: (error) => `${placeOf(error)} 未及时应答：地址是否正确，中间是否有防火墙？`,
  notTls: (error) => `${placeOf(error)} 不支持 TLS：它是 tchat 服务器吗？`,
  closed: (error) => `${placeOf(error)} 立即断开了连接：它是 tchat 服务器吗，是否太忙？`,
  aborted: (error) => `已放弃连接 ${placeOf(error)}`,
  failed: (error) => `无法连接 ${placeOf(error)}：${causeOf(error)}`,
}

type Form = readonly [form: RegExp, words: (...found: string[]) => string]

/** Sentences of the server and the network that say more than their code, whole. */
const forms: readonly Form[] = [
  [/^there is no user (.+)$/, (name) => `没有用户 ${name}`],
  [/^there is no group (.+)$/, (name) => `没有群组 ${name}`],
  [/^there is no entry (\d+) to read again$/, (seq) => `没有可以标为未读的消息 ${seq}`],
  [/^'(.*)' continues no such list$/s, (after) => `「${after}」不是这类列表的续页`],
  [/^there is a group (#.+) already$/, (name) => `已有群组 ${name}`],
  [/^a name cannot be empty$/, () => '名字不能为空'],
  [/^a name has at most (\d+) characters$/, (n) => `名字最多 ${n} 个字符`],
  [
    /^a name has letters, digits, /,
    () => '名字可用文字、数字、点、下划线和连字符，须以文字或数字开头',
  ],
  [/^a password has at least (\d+) characters$/, (n) => `密码至少 ${n} 个字符`],
  [/^the password is wrong$/, () => '密码错误'],
  [/^the name belongs to somebody, or the password is wrong$/, () => '名字已被使用，或密码错误'],
  [/^too many attempts; try again in (\d+) s$/, (n) => `尝试次数过多，请在 ${n} 秒后再试`],
  [/^too many people log in right now$/, () => '现在登录的人太多，请稍后再试'],
  [/^you are connected (\d+) times already$/, (n) => `你已有 ${n} 个连接`],
  [/^you are banned from this server$/, () => '你已被此服务器封禁'],
  [/^you are banned from this server: (.+)$/s, (why) => `你已被此服务器封禁：${why}`],
  [/^you were banned from there$/, () => '你已被该群组封禁'],
  [/^you were banned from (.+)$/, (group) => `你已被 ${group} 封禁`],
  [/^(.+) is banned from (#.+)$/, (name, group) => `${name} 已被 ${group} 封禁`],
  [
    /^an account here takes an invite: ask a member for a line$/,
    () => '在这里创建账号需要邀请，请向成员索取',
  ],
  [/^(#.+) is entered by invitation only$/, (group) => `${group} 仅限受邀加入`],
  [/^(.+) takes nothing from you$/, (name) => `${name} 不接收你的消息`],
  [/^nobody can block themselves$/, () => '不能屏蔽自己'],
  [/^at most (\d+) people can be blocked$/, (n) => `最多屏蔽 ${n} 人`],
  [/^a contact list holds at most (\d+)$/, (n) => `联系人最多 ${n} 个`],
  [
    /^a person has at most (\d+) invites; revoke some$/,
    (n) => `每人最多 ${n} 个邀请，请先撤销一些`,
  ],
  [/^a message takes at most (\d+) different reactions$/, (n) => `一条消息最多 ${n} 种回应`],
  [/^a reaction is an emoji or a word, without white space$/, () => '回应可以是表情或不含空格的词'],
  [/^that message was deleted$/, () => '这条消息已被删除'],
  [/^only who wrote a message can edit it$/, () => '只能编辑自己的消息'],
  [
    /^only who wrote a message, admins and owners can delete it$/,
    () => '只有发送者、管理员和群主可以删除消息',
  ],
  [/^that is for admins and owners of (#.+)$/, (group) => `只有 ${group} 的管理员和群主可以这样做`],
  [/^that is for owners of (#.+)$/, (group) => `只有 ${group} 的群主可以这样做`],
  [/^(.+) is no member of (#.+)$/, (name, group) => `${name} 不是 ${group} 的成员`],
  [
    /^(.+) is (admin|owner) of (#.+): that is for owners$/,
    (name, role = '', group) =>
      `${name} 是 ${group} 的${role === 'owner' ? '群主' : '管理员'}，只有群主可以这样做`,
  ],
  [
    /^(#.+) needs an owner: make somebody else one first$/,
    (group) => `${group} 须有群主：请先将他人设为群主`,
  ],
  [
    /^(.+) came with version 1: they have no other role$/,
    (name) => `${name} 使用旧版协议，不能有其他身份`,
  ],
  [/^nobody can remove themselves: leave the group instead$/, () => '不能移出自己，请退出群组'],
  [/^a role is member, admin or owner$/, () => '身份只能是成员、管理员或群主'],
  [/^a topic is one line$/, () => '话题只能有一行'],
  [/^a group is public or by invitation$/, () => '群组只能是公开或仅限受邀'],
  [/^there is no word to search for: /, () => '没有可以搜索的词：请输入文字、数字或表情'],
  [/^a search takes at most (\d+) different words$/, (n) => `最多搜索 ${n} 个不同的词`],
  [/^the search index is still being made: /, () => '正在建立搜索索引，请稍后再试'],
  [/^the search index cannot be read now$/, () => '暂时无法读取搜索索引'],
  [/^there is no search here$/, () => '这里不能搜索'],

  [/^the server did not answer in time$/, () => '服务器未及时应答'],
  [/^the server did not answer$/, () => '服务器没有应答'],
  [/^the server did not answer after a pause$/, () => '暂停之后服务器没有应答'],
  [/^nothing was heard from the server for too long$/, () => '太久没有收到服务器的数据'],
  [/^the connection was (?:lost|closed)$/, () => '连接已断开'],
  [/^not connected$/, () => '未连接'],
  [/^given up$/, () => '已放弃'],
  [/^the outbox is closed$/, () => '发件箱已关闭'],
  [
    /^the message has (\d+) bytes; (\d+) are the most$/,
    (n, max) => `消息有 ${n} 字节，最多 ${max} 字节`,
  ],
  [
    /^(\S+) is not the server that this line is for: its key is (\S+), the line names (\S+)\. Ask for a new line; nothing was sent$/,
    (to, is, named) =>
      `${to} 不是这一行所指的服务器：其密钥为 ${is}，这一行写的是 ${named}。请索取新的一行；尚未发送任何内容`,
  ],
  [
    /^(\S+) has another key than --trust names: its key is (\S+), not (\S+); nothing was sent$/,
    (to, is, named) =>
      `${to} 的密钥与 --trust 指定的不同：其密钥为 ${is}，而非 ${named}；尚未发送任何内容`,
  ],

  [
    /^'(.*)' is not an address: (.+)\. Write HOST, .*:(\d+)$/s,
    (text, why = '', port) =>
      `「${text}」不是地址：${told(why)}。请写 主机、主机:端口 或 [IPv6]:端口，例如 chat.example.org:${port}`,
  ],
  [
    /^'(.*)' is not a share line: (.+)\. It should be (\S+), as it was given to you$/s,
    (text, why = '') => `「${text}」不是分享链接：${told(why)}。请完整粘贴收到的那一行：tchat://…`,
  ],
  [/^in the share line, (.+)$/s, (why = '') => `分享链接中，${told(why)}`],
  [/^it is empty$/, () => '内容为空'],
  [/^an IPv6 address with a port needs brackets$/, () => '带端口的 IPv6 地址需要方括号'],
  [/^what begins with '\[' must be /, () => '以方括号开头的必须是 [IPv6] 或 [IPv6]:端口'],
  [/^'(.*)' is not an (IPv[46]) address$/s, (host, kind) => `「${host}」不是 ${kind} 地址`],
  [/^the host is missing$/, () => '缺少主机'],
  [/^'(.*)' is not a host name$/s, (host) => `「${host}」不是主机名`],
  [
    /^the port '(.*)' is not a number from 1 to (\d+)$/s,
    (port, max) => `端口「${port}」不是 1 到 ${max} 的数字`,
  ],
  [/^it does not begin with (\S+)$/, (scheme) => `开头不是 ${scheme}`],
  [/^it has characters that no such line has$/, () => '含有不该出现的字符'],
  [/^it has more than four parts$/, () => '超过四个部分'],
  [/^it is cut short: its invite is missing$/, () => '内容不完整，缺少邀请码'],
  [
    /^it is cut short: its invite has (\d+) of the (\d+) characters$/,
    (n, of) => `内容不完整，邀请码只有 ${n} 个字符，应为 ${of} 个`,
  ],
  [/^its invite is no code$/, () => '邀请码无效'],
  [/^its address has characters that none has$/, () => '地址含有不该出现的字符'],
  [/^its address is too long$/, () => '地址太长'],
  [/^its group is no name: (.+)$/s, (why = '') => `群组名无效，${told(why)}`],
  [/^its fingerprint is not 43 characters /, () => '指纹不是 43 个字符，内容不完整'],
  [/^'(.*)' is not percent-encoded UTF-8$/s, (part) => `「${part}」的编码有误`],

  [/^cannot use (.+?): (.+)$/s, (path, why = '') => `${told(why)}（无法使用 ${path}）`],
  [/^this is not allowed: /, () => '没有权限，请改为自己所有，或用 XDG_STATE_HOME 指定其他文件夹'],
  [/^the disk can only be read: /, () => '磁盘只读，请用 XDG_STATE_HOME 指定其他磁盘上的文件夹'],
  [/^it is gone: /, () => '文件不见了，是否被删除？'],
  [/^a file is where a folder must be: /, () => '应为文件夹的位置有一个文件，请移走它'],
  [/^a folder is where a file must be: /, () => '应为文件的位置有一个文件夹，请移走它'],
  [/^the disk is full: make room$/, () => '磁盘已满，请腾出空间'],
  [
    /^port (\d+) on (?:.+) is taken by another program: /,
    (port) => `端口 ${port} 已被其他程序占用`,
  ],
  [
    /^port (\d+) on (?:.+) is not allowed to you: /,
    (port) => `没有使用端口 ${port} 的权限，请选择 1023 以上的端口`,
  ],
  [
    /^the data folder (.+) is being served by another tchat(?: \((.+)\))?: /s,
    (path, by) => `数据文件夹 ${path} 正由另一个 tchat 使用${by === undefined ? '' : `（${by}）`}`,
  ],
  [/^the server ended at once \((.+)\)$/, (how) => `服务器立即退出了（${how}）`],
]

function refusal(code: ErrorCode, text: string): string {
  if (text === errorCodes[code].meaning) return meanings[code]
  return formed(text) ?? `${meanings[code]}（${text}）`
}

/** Words without a code, as they are kept for what was refused. */
function told(text: string): string {
  const codes = Object.keys(errorCodes) as ErrorCode[]
  const code = codes.find((each) => errorCodes[each].meaning === text)
  return code === undefined ? (formed(text) ?? text) : meanings[code]
}

function formed(text: string): string | undefined {
  for (const [form, words] of forms) {
    const found = form.exec(text)
    if (found !== null) return words(...found.slice(1))
  }
  return undefined
}

function placeOf({ address }: DialError): string {
  return formatAddress(address)
}

function causeOf({ cause }: DialError): string {
  return cause instanceof Error ? cause.message : '原因不明'
}
